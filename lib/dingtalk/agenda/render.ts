/** An agenda in words, for a message: Markdown as chat programs take it, or plain text. */
import { DateTime } from 'luxon';
import type { Day, Entry } from './build';
import type { Span } from '../freeBusy/intervals';

interface Words {
	weekdays: readonly string[];
	day(date: DateTime, weekday: string): string;
	today: string;
	allDay: string;
	nothing: string;
	free: string;
	declined: string;
	tentative: string;
	unanswered: string;
	untitled: string;
	comma: string;
	agendaOf(names: string): string;
}

const MONTHS = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];

export const LANGUAGES = {
	en: {
		weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
		day: ({ day, month }, weekday) => `${weekday} ${day} ${MONTHS[month - 1]}`,
		today: 'today',
		allDay: 'All day',
		nothing: 'Nothing planned',
		free: 'Free',
		declined: 'declined',
		tentative: 'tentative',
		unanswered: 'not answered',
		untitled: '(no title)',
		comma: ', ',
		agendaOf: (names) => `Agenda of ${names}`,
	},
	zh: {
		weekdays: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
		day: ({ day, month }, weekday) => `${month}月${day}日 ${weekday}`,
		today: '今天',
		allDay: '全天',
		nothing: '无日程',
		free: '空闲',
		declined: '已拒绝',
		tentative: '暂定',
		unanswered: '未答复',
		untitled: '（无标题）',
		comma: '、',
		agendaOf: (names) => `${names}的日程`,
	},
} as const satisfies Record<string, Words>;

export type Language = keyof typeof LANGUAGES;

export interface Wording {
	language: Language;
	zone: string;
	/** For telling which day is today. */
	now: number;
	/** Whether the people are named beside each event. */
	nameOwners: boolean;
}

/** Titles are text: what would be taken for Markdown is shown as it is, and stays on its line. */
const escaped = (text: string): string => text.replace(/[\\`*_[\]<>#|~]/g, '\\$&');
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const clock = (moment: number, zone: string): string =>
	DateTime.fromMillis(moment, { zone }).setLocale('en').toFormat('HH:mm');

/** Within one day, whose end is 24:00. */
function hours([from, to]: Span, day: Day, zone: string): string {
	const begin = clock(Math.max(from, day.span[0]), zone);
	const end = Math.min(to, day.span[1]);
	const atMidnight = clock(end, zone) === '00:00' && end > day.span[0];
	return from === to ? begin : `${begin}–${atMidnight ? '24:00' : clock(end, zone)}`;
}

const placeOf = ({ event: { location } }: Entry): string =>
	[location?.displayName, ...(location?.meetingRooms ?? [])].filter(Boolean).join(', ');

function noteOf({ owners }: Entry, words: Words): string | undefined {
	const responses = new Set(owners.map(({ response }) => response));
	if (responses.size !== 1) return undefined;
	const [response = ''] = responses;
	return new Map([
		['declined', words.declined],
		['tentative', words.tentative],
		['needsAction', words.unanswered],
	]).get(response);
}

function rowsOf(
	day: Day,
	{ zone, nameOwners, language }: Wording,
): Array<{ order: number; when: string; what: string; details: string[] }> {
	const words: Words = LANGUAGES[language];
	const events = day.entries.map((entry) => ({
		order: entry.allDay ? Number.NEGATIVE_INFINITY : entry.span[0],
		when: entry.allDay ? words.allDay : hours(entry.span, day, zone),
		what: oneLine(entry.event.summary ?? '') || words.untitled,
		details: [
			oneLine(placeOf(entry)),
			nameOwners ? entry.owners.map(({ owner }) => owner.name).join(words.comma) : '',
			noteOf(entry, words) ?? '',
		].filter((detail) => detail !== ''),
	}));
	const free = day.free.map((span) => ({
		order: span[0],
		when: hours(span, day, zone),
		what: words.free,
		details: [],
	}));
	return [...events, ...free].sort((a, b) => (a.order === b.order ? 0 : a.order - b.order));
}

export function agendaInWords(title: string, days: Day[], wording: Wording): { markdown: string; text: string } {
	const words: Words = LANGUAGES[wording.language];
	const today = DateTime.fromMillis(wording.now, { zone: wording.zone }).toISODate();
	const markdown = [`### ${escaped(title)}`];
	const text = [title];
	for (const day of days) {
		const date = DateTime.fromISO(day.date, { zone: 'utc' });
		const name = words.day(date, words.weekdays[date.weekday - 1]);
		const heading = day.date === today ? `${name} (${words.today})` : name;
		const rows = rowsOf(day, wording);
		markdown.push('', `**${heading}**`, '');
		text.push('', heading);
		if (day.entries.length === 0) {
			markdown.push(`- ${words.nothing}`);
			text.push(`  ${words.nothing}`);
		}
		for (const { when, what, details } of rows) {
			const tail = details.length > 0 ? ` (${details.join('; ')})` : '';
			markdown.push(`- ${when} ${escaped(what + tail)}`);
			text.push(`  ${when}  ${what}${tail}`);
		}
	}
	return { markdown: markdown.join('\n'), text: text.join('\n') };
}
