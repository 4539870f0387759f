/** A recurrence in words, such as "every 2 weeks on Monday until 1 Feb 2027". */
import { DateTime, Info } from 'luxon';
import { catalogue } from '../../locale/catalogue';
import { formatDate } from '../../locale/dates';
import { joinWords, t } from '../../locale/t';
import { isObject } from '../utils/json';
import { formatCount } from '../utils/text';
import { WEEKDAYS } from './occurrences';

/** DingTalk may leave out any part, and may have kinds that its documentation does not list. */
interface Rule {
	pattern?: { type?: string; interval?: number; dayOfMonth?: number; daysOfWeek?: string; index?: string };
	range?: { type?: string; endDate?: string; numberOfOccurrences?: number };
}

const WEEKS: Record<string, string> = {
	first: t`first`,
	second: t`second`,
	third: t`third`,
	fourth: t`fourth`,
	last: t`last`,
};

function listWeekdays(daysOfWeek = ''): string {
	const names = Info.weekdays('long', { locale: catalogue.language });
	const chosen = daysOfWeek.split(',').map((day) => day.trim().toLowerCase());
	return joinWords(names.filter((_, index) => chosen.includes(WEEKDAYS[index])));
}

function describePattern({
	type,
	interval = 1,
	dayOfMonth,
	daysOfWeek,
	index = '',
}: Required<Rule>['pattern']): string {
	const days = listWeekdays(daysOfWeek);
	const week = WEEKS[index] ?? index;
	switch (type) {
		case 'daily':
			return interval > 1 ? t`every ${interval} days` : t`every day`;
		case 'weekly':
			if (days === '') return interval > 1 ? t`every ${interval} weeks` : t`every week`;
			return interval > 1 ? t`every ${interval} weeks on ${days}` : t`every week on ${days}`;
		case 'absoluteMonthly':
			return interval > 1
				? t`every ${interval} months on day ${dayOfMonth ?? '?'}`
				: t`every month on day ${dayOfMonth ?? '?'}`;
		case 'relativeMonthly':
			return interval > 1 ? t`every ${interval} months on the ${week} ${days}` : t`every month on the ${week} ${days}`;
		case 'absoluteYearly':
			return interval > 1 ? t`every ${interval} years` : t`every year`;
		default:
			return t`yes`;
	}
}

/** Undefined for an event that does not repeat. The last day is that of the zone; of an all-day event, the one that was entered. */
export function repeatsInWords(recurrence: unknown, zone: string, isAllDay: boolean): string | undefined {
	if (!isObject(recurrence)) return undefined;
	const { pattern = {}, range = {} } = recurrence as Rule;
	const rule = describePattern(pattern);
	if (range.type === 'numbered' && range.numberOfOccurrences !== undefined)
		return t`${rule}, ${formatCount(Number(range.numberOfOccurrences), 'time')}`;
	const { endDate = '' } = range;
	const keepsOffset = isAllDay && !endDate.endsWith('Z');
	const last =
		range.type === 'endDate' ? DateTime.fromISO(endDate, keepsOffset ? { setZone: true } : { zone }) : undefined;
	return last?.isValid ? t`${rule} until ${formatDate(last)}` : rule;
}
