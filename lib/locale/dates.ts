/** Dates and times in words, in the language of this edition or in one that the user has chosen. */
import type { DateTime } from 'luxon';
import { catalogue } from './catalogue';

/** Languages order the parts of a date differently. */
const FORMATS = {
	en: {
		locale: 'en',
		date: 'ccc d LLL yyyy',
		dateTime: 'ccc d LLL yyyy HH:mm',
		weekdayTime: 'ccc HH:mm',
		full: "d MMMM yyyy 'at' HH:mm 'GMT'ZZ",
	},
	zh: {
		locale: 'zh-CN',
		date: 'yyyy年M月d日 ccc',
		dateTime: 'yyyy年M月d日 ccc HH:mm',
		weekdayTime: 'ccc HH:mm',
		full: "yyyy年M月d日 HH:mm 'GMT'ZZ",
	},
} as const;

/** The languages that a user can choose for what is read by others. */
export type DateLanguage = keyof typeof FORMATS;
export const DATE_LANGUAGES: readonly DateLanguage[] = ['en', 'zh'];
export const OWN_LANGUAGE: DateLanguage = catalogue.language === 'en' ? 'en' : 'zh';

type Format = Exclude<keyof (typeof FORMATS)['en'], 'locale'>;

function write(moment: DateTime, format: Format, language: DateLanguage = OWN_LANGUAGE): string {
	const formats = FORMATS[language];
	return moment.setLocale(formats.locale).toFormat(formats[format]);
}

export const formatDate = (moment: DateTime, language?: DateLanguage): string => write(moment, 'date', language);
export const formatDateTime = (moment: DateTime, language?: DateLanguage): string =>
	write(moment, 'dateTime', language);
export const formatWeekdayTime = (moment: DateTime): string => write(moment, 'weekdayTime');
export const formatFullDateTime = (moment: DateTime): string => write(moment, 'full');
