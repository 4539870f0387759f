/** Tests on the n8n engine that a series is not split where a response does not tell what the new series would need. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
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
	const eventId = plant(desk(), host, { ...SERIES, attendees: [{ id: anna.unionId }] });
	const proxy = await startProxy(desk().simulator.url, (body) => changeEvents(body, which, change));
	opened.push(proxy);
	await desk().recorder.clear();
	const { run: done } = await desk().runNode({
		parameters: { resource: 'event', operation, user: host.unionId, eventId, events: eventId, ...parameters },
		credential: credentialOf(desk(), { baseUrl: proxy.url, clientId: 'sim-internal' }),
	});
	const writes = (await callsOf(desk())).filter(({ method }) => method !== 'GET').length;
	return { message: errorOf(done)?.message ?? '', writes };
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
