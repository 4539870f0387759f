/** Tests what is taken from a list of dates that leaves out the reminders or the rooms of its series. */
import type { ApiCall } from '../../../lib/dingtalk/endpoints';
import type { EventContext } from '../../../lib/dingtalk/events/attendees';
import type { SeriesDate } from '../../../lib/dingtalk/series/compareDate';
import type { Series } from '../../../lib/dingtalk/series/seriesCut';
import { findExceptions } from '../../../lib/dingtalk/series/seriesExceptions';

const REMINDERS = [{ method: 'dingtalk', minutes: 15 }];
const DAYS = ['03', '10', '17', '24', '31'].map((day) => `2026-03-${day}`);

const dateOn = (day: string): SeriesDate => ({
	id: `date-${day}`,
	summary: 'Weekly',
	start: { dateTime: `${day}T10:00:00+08:00`, timeZone: 'Asia/Shanghai' },
	end: { dateTime: `${day}T11:00:00+08:00`, timeZone: 'Asia/Shanghai' },
});

const SERIES = {
	...dateOn(DAYS[0]),
	id: 'series',
	reminders: REMINDERS,
	recurrence: {
		pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
		range: { type: 'numbered', numberOfOccurrences: DAYS.length },
	},
} as Series & SeriesDate;

/** Finds the exceptions where the list leaves out all reminders; those of `silent` have none. */
async function find(silent: string[]) {
	const read: string[] = [];
	const client = {
		async request({ path: template }: ApiCall, { path: { eventId = '' } = {} }: { path?: { eventId?: string } } = {}) {
			await Promise.resolve();
			if (template.endsWith('/instances')) return { events: DAYS.map(dateOn) };
			const day = eventId.slice('date-'.length);
			read.push(day);
			return { ...dateOn(day), ...(silent.includes(day) ? {} : { reminders: REMINDERS }) };
		},
	} as unknown as EventContext['client'];
	const window = { from: Date.parse('2026-01-01'), to: Date.parse('2027-01-01') };
	const path = { userId: 'host', calendarId: 'primary', eventId: 'series' };
	const { exceptions, unlisted } = await findExceptions({ client, path }, SERIES, window);
	return { days: exceptions.map(({ planned }) => planned.start.slice(0, 10)), unlisted, read };
}

it('says that the list does not have the reminders, as the first date that is read shows', async () => {
	expect(await find([])).toEqual({ days: [], unlisted: ['reminders'], read: [DAYS[0]] });
});

it('reads on where the first date has none', async () => {
	expect(await find([DAYS[0]])).toMatchObject({ unlisted: ['reminders'], read: DAYS.slice(0, 2) });
});

it('takes it that no date has them after three have none', async () => {
	expect(await find(DAYS)).toEqual({ days: DAYS, unlisted: [], read: DAYS.slice(0, 3) });
});
