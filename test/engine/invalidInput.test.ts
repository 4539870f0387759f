/** Tests that invalid input fails before any call and names its field, for every operation. */
import type { IDataObject, INodeParameters, NodeParameterValueType } from 'n8n-workflow';

import { errorOf } from './harness';
import { eventPath, plant, remembered } from './support/events';
import { ROWS, create, given, list, locator, on, person } from './support/invalidRows';
import { useDesk } from './support/setup';

const desk = useDesk();

/** The form in which AI agents and sheets hand values over: everything is text, and lists are JSON. */
function asAgent(value: NodeParameterValueType): NodeParameterValueType {
	if (Array.isArray(value)) {
		const holdsObjects = (value as unknown[]).some((entry) => typeof entry === 'object');
		return holdsObjects
			? (value as INodeParameters[]).map((entry) => asAgent(entry) as INodeParameters)
			: JSON.stringify(value);
	}
	if (typeof value === 'object' && value !== null) {
		const parts = Object.entries(value as INodeParameters);
		return Object.fromEntries(
			parts.map(([name, part]) => [name, name === '__rl' || name === 'returnAll' ? part : asAgent(part)]),
		);
	}
	return typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
}

/** The error of a run; whatever it is, nothing may have gone out, not even for a token. */
async function refusalOf(parameters: INodeParameters) {
	const { run } = await desk().runNode({ parameters });
	expect(await desk().recorder.calls()).toEqual([]);
	return errorOf(run);
}

describe('an operation with invalid input fails before any call and names the field', () => {
	it.each(ROWS)('when given $says', async ({ parameters, field, problem }) => {
		for (const asked of [parameters, asAgent(parameters) as INodeParameters]) {
			const error = await refusalOf(asked);
			expect(error?.message).toContain(`'${field}' ${problem}`);
			expect(error?.message).toMatch(/ \[Item 0\]$/);
			expect(error?.description).toMatch(/^[A-Z].*\.$/);
		}
	});

	it('for every operation that takes an event', async () => {
		for (const operation of ['cancel', 'delete', 'get', 'getInstances', 'transfer', 'update']) {
			const parameters = on('event', operation, { eventId: locator(given(''), 'id'), newOrganizer: person });
			expect((await refusalOf(parameters))?.message).toContain("'Event' is empty");
		}
		for (const operation of ['add', 'getAll', 'remove']) {
			expect((await refusalOf(on('attendee', operation, { eventId: locator(given(''), 'id') })))?.message).toContain(
				"'Event' is empty",
			);
		}
		for (const operation of ['getSummary', 'set']) {
			expect((await refusalOf(on('response', operation, { user: locator(given('')) })))?.message).toMatch(
				/^'(Person|Attendee)' is empty/,
			);
		}
	});
});

const fromItem = create({
	user: locator('={{ $json.organizer }}'),
	start: '={{ $json.start }}',
	end: '={{ $json.end }}',
});
const goodAndBad = (): IDataObject[] => [
	{ organizer: desk().people[0].unionId, start: '2026-03-03T10:00', end: '2026-03-03T11:00' },
	{ organizer: desk().people[1].unionId, start: '2026-03-03T10:00', end: '2026-03-03T09:00' },
	{ organizer: desk().people[2].unionId, start: '2026-03-05T10:00', end: '2026-03-05T11:00' },
];

describe('an invalid item among valid ones', () => {
	it('stops the run before the first call', async () => {
		const { run } = await desk().runNode({ parameters: fromItem, items: goodAndBad() });
		expect(errorOf(run)?.message).toBe("'End' is before 'Start' [Item 1]");
		expect(errorOf(run)?.context).toMatchObject({ itemIndex: 1 });
		expect(await desk().recorder.calls()).toEqual([]);
		expect(await remembered(desk())).toEqual([]);
	});

	it('fails alone with Continue On Fail', async () => {
		const { run, items, pairs } = await desk().runNode({
			parameters: fromItem,
			items: goodAndBad(),
			onError: 'continueRegularOutput',
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items).toEqual([
			expect.objectContaining({ start: '2026-03-03T10:00:00+08:00' }),
			{
				error: "'End' is before 'Start' [Item 1]",
				message: "Enter an 'End' that is later than 'Start'.",
				details: { kind: 'input', field: 'End', advice: "Enter an 'End' that is later than 'Start'." },
			},
			expect.objectContaining({ start: '2026-03-05T10:00:00+08:00' }),
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(await remembered(desk())).toHaveLength(2);
	});

	it('fails alone when its expression cannot be evaluated', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const { run, items } = await desk().runNode({
			parameters: on('event', 'get', {
				user: locator(host.unionId),
				eventId: locator("={{ $json.id || $('Nowhere').first().json.id }}", 'id'),
			}),
			items: [{}, { id: eventId }],
			onError: 'continueRegularOutput',
		});
		expect(errorOf(run)).toBeUndefined();
		expect(items).toEqual([
			expect.objectContaining({ error: expect.stringContaining('[Item 0]') }),
			expect.objectContaining({ id: eventId }),
		]);
	});
});

describe('unusual but valid input', () => {
	it.each(['a/b', 'a+b==', 'what?', 'a#1', 'a b', 'a%2Fb', '日程-1'])(
		'is sent encoded for the event ID %j',
		async (eventId) => {
			const [host] = desk().people;
			const { run } = await desk().runNode({
				parameters: on('event', 'delete', { user: locator(host.unionId), eventId: locator(eventId, 'id') }),
			});
			const calls = (await desk().recorder.calls()).filter(({ path }) => path.startsWith('/v1.0/calendar/'));
			expect(calls.map(({ method, path, query }) => ({ method, path, query }))).toEqual([
				{ method: 'DELETE', path: eventPath(host, eventId), query: {} },
			]);
			expect(errorOf(run)?.message).toMatch(/^There is no such event in this calendar/);
		},
	);

	it('is accepted as an AI agent writes it', async () => {
		const [host, anna, ben] = desk().people;
		const parameters = create({
			user: locator(host.mobile),
			allDay: 'TRUE',
			start: '2026-03-03T00:00:00.000+08:00',
			end: '2026-03-04',
			additionalFields: {
				attendees: `["${anna.mobile}", "${ben.unionId}"]`,
				onlineMeeting: 'yes',
				recurrence: {
					rule: {
						frequency: given('Weekly'),
						interval: '2',
						daysOfWeek: '["Tuesday"]',
						ends: given('AFTER'),
						occurrences: '5',
					},
				},
				reminders: { setting: { mode: 'custom', minutes: '[15, 60]' } },
			},
		});
		const { run } = await desk().runNode({ parameters });
		expect(errorOf(run)).toBeUndefined();
		expect(await remembered(desk())).toEqual([
			expect.objectContaining({
				isAllDay: true,
				start: { date: '2026-03-03' },
				end: { date: '2026-03-05' },
				recurrence: {
					pattern: expect.objectContaining({ type: 'weekly', interval: 2, daysOfWeek: 'tuesday' }),
					range: { type: 'numbered', numberOfOccurrences: 5 },
				},
				attendees: [host, anna, ben].map(({ unionId }) => expect.objectContaining({ unionId })),
				reminders: [15, 60].map((minutes) => ({ method: 'dingtalk', minutes })),
			}),
		]);
	});
});

describe('an error about a long value', () => {
	const long = '日程 '.repeat(5000);

	it.each<[string, INodeParameters]>([
		['a choice', on('response', 'set', { responseStatus: given(long) })],
		['a boolean', create({ allDay: given(long) })],
		['a time', create({ start: given(long) })],
		['a person', create({ user: locator(given(`${long}?`), 'mobile') })],
		['a number', list({ limit: given(long), returnAll: false })],
	])('is cut to a readable length: %s', async (_, parameters) => {
		const error = errorOf((await desk().runNode({ parameters })).run);
		expect(error?.message).toMatch(/^'/);
		expect(error?.message.length).toBeLessThan(400);
		expect((error?.description ?? '').length).toBeLessThan(1000);
	});

	it("is cut to a readable length in DingTalk's own words", async () => {
		await desk().control('faults', {
			match: { path: '*/events' },
			do: 'status',
			status: 400,
			code: 'invalidParameter',
			message: long,
		});
		const error = errorOf((await desk().runNode({ parameters: create({ user: person }) })).run);
		expect(error?.message).toMatch(/^DingTalk could not create the event: 日程/);
		expect(error?.message.length).toBeLessThan(600);
		expect((error?.description ?? '').length).toBeLessThan(1000);
	});
});
