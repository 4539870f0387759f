/** Dates and times in words, as the language of this edition writes them. */
import type { DateTime } from 'luxon';
import { catalogue } from './catalogue';
import { t } from './t';

/** The formats are texts too, because languages order the parts differently. */
const DATE = t`ccc d LLL yyyy`;
const DATE_AND_TIME = t`ccc d LLL yyyy HH:mm`;
const WEEKDAY_AND_TIME = t`ccc HH:mm`;
const FULL = t`d MMMM yyyy 'at' HH:mm 'GMT'ZZ`;

const write = (moment: DateTime, format: string): string => moment.setLocale(catalogue.language).toFormat(format);

export const formatDate = (moment: DateTime): string => write(moment, DATE);
export const formatDateTime = (moment: DateTime): string => write(moment, DATE_AND_TIME);
export const formatWeekdayTime = (moment: DateTime): string => write(moment, WEEKDAY_AND_TIME);
export const formatFullDateTime = (moment: DateTime): string => write(moment, FULL);
