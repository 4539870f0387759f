/** Tests on the n8n engine that a series is not split where a response does not tell what the new series would need. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { inZone } from '../simulator/calendar/time';
import { instances } from '../simulator/calendar/views';
import { errorOf, itemsOf, TESTED_NODE } from './harness';
import { startProxy, type ChangingProxy } from './support/changedResponses';
import { callsOf, hour, plant } from './support/events';
import { useDesk } from './support/setup';
import { credentialOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const SERIES: IDataObject = {
	summary: 'Weekly',
	location: { displayName: 'Hall' },
	...hour(3, 10),
	recurrence: {
		pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
		range: { type: 'numbered', numberOfOccurrences: 6 },
	},
};

/** Which events of the responses are changed. */
type Which = 'series' | 'dates';

/** The series may be named as its own series. */
const isOf = (which: Which, { id, seriesMasterId, recurrence }: IDataObject): boolean =>
	which === 'series'
		? Boolean(recurrence) && (seriesMasterId ?? id) === id
		: Boolean(seriesMasterId) && seriesMasterId !== id;

function changeEvents(value: unknown, which: Which, change: (event: IDataObject) => IDataObject): unknown {
	if (Array.isArray(value)) return value.map((entry) => changeEvents(entry, which, change));
	if (typeof value !== 'object' || value === null) return value;
	const fields = Object.fromEntries(
		Object.entries(value).map(([name, part]) => [name, changeEvents(part, which, change)]),
	) as IDataObject;
	return isOf(which, fields) ? change(fields) : fields;
}

/** The ID of the date of the series on a day. */
function dateOf(seriesId: string, day: string): string {
	const event = desk().simulator.world.use(CalendarStore).byId(seriesId)?.event;
	const dates = event ? [...instances(event, { fromMs: 0, toMs: Date.parse('2027-01-01') })] : [];
	const found = dates.find(({ details }) => inZone(details.span.startMs, 'Asia/Shanghai').startsWith(day));
	if (!found) throw new Error(`The series has no date on ${day}`);
	return found.id;
}

const opened: ChangingProxy[] = [];
afterEach(async () => {
	for (const proxy of opened.splice(0)) await proxy.close();
});

/** Runs an operation on a series, with responses that are changed like this. */
async function run(
	operation: string,
	parameters: INodeParameters,
	which: Which,
	change: (event: IDataObject) => IDataObject,
) {
	const [host, anna] = desk().people;
	const seriesId = plant(desk(), host, { ...SERIES, attendees: [{ id: anna.unionId }] });
	const eventId = parameters.ofDate ? dateOf(seriesId, parameters.ofDate as string) : seriesId;
	const proxy = await startProxy(desk().simulator.url, (body) => changeEvents(body, which, change));
	opened.push(proxy);
	await desk().recorder.clear();
	const { run: done } = await desk().runNode({
		parameters: { resource: 'event', operation, user: host.unionId, eventId, events: eventId, ...parameters },
		credential: credentialOf(desk(), { baseUrl: proxy.url, clientId: 'sim-internal' }),
	});
	const writes = (await callsOf(desk())).filter(({ method }) => method !== 'GET').length;
	const files = itemsOf(done, TESTED_NODE).map(({ binary }) =>
		Buffer.from(binary?.data.data ?? '', 'base64').toString(),
	);
	return { message: errorOf(done)?.message ?? '', writes, files };
}

const FOLLOWING = { applyTo: 'thisAndFollowing', occurrenceDate: '2026-03-17' };

const SPLITS: Array<[string, INodeParameters]> = [
	['update', { ...FOLLOWING, updateFields: { summary: 'New' } }],
	['delete', FOLLOWING],
];

/** A field of a type that DingTalk does not document, and its place in the response. */
const MISTYPED: Array<[string, IDataObject]> = [
	['location', { location: 'Hall' }],
	['location.displayName', { location: { displayName: {} } }],
	['reminders', { reminders: {} }],
	['attendees.isOptional', { attendees: [{ id: 'b', isOptional: 'maybe' }] }],
	['richTextDescription', { richTextDescription: '<b>A</b>' }],
	['uiConfigs.uiStatus', { uiConfigs: [{ uiName: 'comment', uiStatus: {} }] }],
];

describe('A series is split only if what would be written again can be read', () => {
	const cases = SPLITS.flatMap(([operation, parameters]) =>
		MISTYPED.flatMap(([place, fields]) =>
			(['series', 'dates'] as const).map((which) => ({ operation, parameters, place, fields, which })),
		),
	);

	it.each(cases)(
		'$operation fails before it changes anything if $place of the $which has another type',
		async ({ operation, parameters, place, fields, which }) => {
			const { message, writes } = await run(operation, parameters, which, (event) => ({ ...event, ...fields }));
			const field = which === 'series' ? place : `events.${place}`;
			expect(message).toContain(`the field '${field}' has another type than DingTalk documents`);
			expect(writes).toBe(0);
		},
	);

	it.each<[string, INodeParameters]>([
		['get', {}],
		['exportIcs', {}],
		['update', { applyTo: 'wholeSeries', updateFields: { summary: 'New' } }],
		['delete', { applyTo: 'thisEvent', occurrenceDate: '2026-03-17' }],
	])('%s, which writes none of it again, goes on without the field', async (operation, parameters) => {
		for (const which of ['series', 'dates'] as const) {
			const { message } = await run(operation, parameters, which, (event) => ({ ...event, location: 'Hall' }));
			expect(message).toBe('');
		}
	});
});

const dayOf = ({ start }: IDataObject): string => String((start as IDataObject).dateTime).slice(0, 10);

const LOST: Record<string, (event: IDataObject) => IDataObject> = {
	'the hour of its start': (event) => ({ ...event, isAllDay: false, start: { date: dayOf(event) } }),
	'the hour of its end': (event) => ({ ...event, isAllDay: false, end: { date: dayOf(event), dateTime: '' } }),
	'its start': (event) => ({ ...event, start: null }),
};

describe('A series is split or moved only if its times are known', () => {
	const move = { updateFields: { start: '2026-03-17T14:00', end: '2026-03-17T15:00' } };
	const operations: Array<[string, INodeParameters]> = [
		...SPLITS,
		['update', { ...FOLLOWING, ...move }],
		['update', { applyTo: 'wholeSeries', ofDate: '2026-03-17', ...move }],
	];
	const cases = operations.flatMap(([operation, parameters]) =>
		Object.keys(LOST).map((lost) => ({ operation, parameters, lost })),
	);

	it.each(cases)(
		'$operation with $parameters fails before it changes anything if the series has lost $lost',
		async ({ operation, parameters, lost }) => {
			const { message, writes } = await run(operation, parameters, 'series', LOST[lost]);
			expect(message).toMatch(/^DingTalk returned 'Weekly' .* without all of its times/);
			expect(writes).toBe(0);
		},
	);

	it.each(cases)(
		'$operation with $parameters fails before it changes anything if a date has lost $lost',
		async ({ operation, parameters, lost }) => {
			// What is deleted from the 17th on need not be known.
			const day = operation === 'delete' ? '2026-03-10' : '2026-03-17';
			const only = (event: IDataObject): IDataObject => (dayOf(event) === day ? LOST[lost](event) : event);
			const { message, writes } = await run(operation, parameters, 'dates', only);
			expect(message).toMatch(/^DingTalk returned 'Weekly' .* without all of its times/);
			expect(writes).toBe(0);
		},
	);

	it('ends a series whose later dates have lost their hours, since those go', async () => {
		const lose = (event: IDataObject): IDataObject =>
			dayOf(event) >= '2026-03-17' ? LOST['the hour of its start'](event) : event;
		const { message, writes } = await run('delete', FOLLOWING, 'dates', lose);
		expect(message).toBe('');
		expect(writes).toBe(1);
	});

	it('does not take a whole series without its rule for one date', async () => {
		const { message, writes } = await run('delete', FOLLOWING, 'series', (event) => ({
			...event,
			recurrence: null,
			seriesMasterId: event.id,
		}));
		expect(message).toMatch(/^DingTalk returned the series 'Weekly' .* without its rule/);
		expect(writes).toBe(0);
	});

	it('does not cancel a date whose place in the series is not known', async () => {
		const { message, writes } = await run('update', SPLITS[0][1], 'dates', (event) =>
			dayOf(event) === '2026-03-24'
				? { ...event, ...hour(25, 10), originStart: null, seriesMasterId: event.seriesMasterId }
				: event,
		);
		expect(message).toMatch(/^DingTalk did not say which date of the series .* was/);
		expect(writes).toBe(0);
	});

	it('reads a date by itself if only the list has lost its hour', async () => {
		const lose = (event: IDataObject): IDataObject =>
			'originStart' in event ? event : LOST['the hour of its start'](event);
		const { message, writes } = await run('update', SPLITS[0][1], 'dates', lose);
		expect(message).toBe('');
		expect(writes).toBeGreaterThan(0);
	});
});

it('A file of a series keeps a date whose hour is lost and whose place is not told', async () => {
	const { message, files } = await run('exportIcs', { options: { includeChangedDates: true } }, 'dates', (event) => ({
		...LOST['the hour of its start'](event),
		originStart: null,
	}));
	expect(message).toBe('');
	expect(files).toHaveLength(1);
	expect(files[0]).not.toContain('EXDATE');
});
