/** Tests that invalid input fails before any call and names its field, for every operation. */
import type { IDataObject, INodeParameters, NodeParameterValueType } from 'n8n-workflow';

import { errorOf } from './harness';
import { eventPath, plant, remembered } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

const locator = (value: string, mode = 'auto') => ({ __rl: true, mode, value });
const person = locator('iPkYRT2JqFaiE4fXkiiEiE');
const anEvent = locator('event-1', 'id');

const create = (parameters: INodeParameters = {}): INodeParameters => ({
	resource: 'event',
	operation: 'create',
	user: person,
	summary: 'Meeting',
	start: '2026-03-03T10:00',
	end: '2026-03-03T11:00',
	...parameters,
});
const adding = (additionalFields: INodeParameters): INodeParameters => create({ additionalFields });
const repeating = (rule: INodeParameters): INodeParameters => adding({ recurrence: { rule } });
const reminding = (setting: INodeParameters): INodeParameters => adding({ reminders: { setting } });

const on = (resource: string, operation: string, parameters: INodeParameters = {}): INodeParameters => ({
	resource,
	operation,
	user: person,
	eventId: anEvent,
	...parameters,
});
const update = (updateFields: INodeParameters, more: INodeParameters = {}): INodeParameters =>
	on('event', 'update', { updateFields, ...more });
const list = (more: INodeParameters): INodeParameters => ({
	resource: 'event',
	operation: 'getAll',
	user: person,
	...more,
});

/** Values that only an expression can give. */
const given = (value: unknown): string => `={{ ${JSON.stringify(value)} }}`;

interface Row {
	says: string;
	parameters: INodeParameters;
	/** The label in the editor. */
	field: string;
	problem: string;
}

const row = (says: string, field: string, problem: string, parameters: INodeParameters): Row => ({
	says,
	field,
	problem,
	parameters,
});

const ROWS: Row[] = [
	row('an end before the start', 'End', "is before 'Start'", create({ end: '2026-03-03T09:00' })),
	row(
		'a last day before the first',
		'Last Day',
		"is before 'First Day'",
		create({ allDay: true, start: '2026-03-03', end: '2026-03-02' }),
	),
	row('an empty start', 'Start', 'is empty', create({ start: given('') })),
	row('an empty end', 'End', 'is empty', create({ end: given('') })),
	row(
		'30 February',
		'Start',
		'is a date or time that does not exist: 2026-02-30T10:00',
		create({ start: '2026-02-30T10:00' }),
	),
	row(
		'30 February as a day',
		'First Day',
		'is a date or time that does not exist: 2026-02-30',
		create({ allDay: true, start: '2026-02-30', end: '2026-03-02' }),
	),
	row('a date in words', 'Start', 'is not a valid date and time: next Monday', create({ start: 'next Monday' })),
	row('a time without its date', 'Start', 'is not a valid date and time: 10:00', create({ start: '10:00' })),
	row('a day without a time', 'Start', 'has no time of day: 2026-03-03', create({ start: '2026-03-03' })),
	row(
		'times for an all-day event',
		'First Day',
		"has a time of day (10:00), but 'All Day' is on",
		create({ allDay: true }),
	),
	row(
		'a switch that is neither true nor false',
		'All Day',
		'is neither true nor false: perhaps',
		create({ allDay: given('perhaps') }),
	),
	row('a time zone that was added and not chosen', 'Time Zone', 'is empty', adding({ timeZone: locator('', 'list') })),
	row(
		'a time zone that does not exist',
		'Time Zone',
		'is not a known time zone: Asia/Beijing',
		adding({ timeZone: locator('Asia/Beijing', 'id') }),
	),
	row('an empty title', 'Title', 'is empty', create({ summary: given('  ') })),
	row('a title beyond 2048 characters', 'Title', 'is too long: 2049 characters', create({ summary: 'x'.repeat(2049) })),
	row(
		'a description beyond 5000 characters',
		'Description',
		'is too long: 5001 characters',
		adding({ eventDescription: '日'.repeat(5001) }),
	),
	row('a place that is not text', 'Location', 'is not text', adding({ location: given({ city: 'Hangzhou' }) })),

	row(
		'an interval of 0',
		'Interval',
		'must be a whole number from 1 to 365, not 0',
		repeating({ frequency: 'daily', interval: 0 }),
	),
	row(
		'an interval of 366',
		'Interval',
		'must be a whole number from 1 to 365, not 366',
		repeating({ frequency: 'daily', interval: 366 }),
	),
	row(
		'100 times',
		'Number of Times',
		'must be a whole number from 1 to 99, not 100',
		repeating({ frequency: 'daily', interval: 1, ends: 'after', occurrences: 100 }),
	),
	row(
		'both a last day and a number of times',
		'Repeat',
		"has both a 'Last Day' and a 'Number of Times'",
		repeating({ frequency: 'daily', interval: 1, ends: given('onDate'), until: '2026-04-01', occurrences: 5 }),
	),
	row(
		'a week without a day',
		'Days of Week',
		'is empty, but a weekly event needs a day',
		update({ recurrence: { rule: { frequency: 'weekly', interval: 1, daysOfWeek: [] } } }),
	),
	row(
		'a month without a date',
		'Day of Month',
		'is empty, but a monthly event needs a date',
		repeating({ frequency: 'monthlyOnDate', interval: 1, dayOfMonth: given('') }),
	),
	row(
		'day 32 of a month',
		'Day of Month',
		'must be a whole number from 1 to 31, not 32',
		repeating({ frequency: 'monthlyOnDate', interval: 1, dayOfMonth: 32 }),
	),
	row(
		'a last day that is missing',
		'Last Day',
		'is empty',
		repeating({ frequency: 'daily', interval: 1, ends: 'onDate', until: '' }),
	),
	row(
		'a last day before the start',
		'Last Day',
		"is before 'Start'",
		repeating({ frequency: 'daily', interval: 1, ends: 'onDate', until: '2026-03-02' }),
	),
	row(
		'a day of the week that is none',
		'Days of Week',
		"has no option 'Mon'",
		repeating({ frequency: 'weekly', interval: 1, daysOfWeek: given(['Mon']) }),
	),
	row(
		'a frequency that is none',
		'Frequency',
		"has no option 'hourly'",
		repeating({ frequency: given('hourly'), interval: 1 }),
	),

	row('reminders without a time', 'Minutes Before', 'is empty', reminding({ mode: 'custom', minutes: '' })),
	row(
		'a reminder after the start',
		'Minutes Before',
		'must be a whole number of at least 0, not -5',
		reminding({ mode: 'custom', minutes: '15, -5' }),
	),
	row('an unknown reminder mode', 'Remind', "has no option 'often'", reminding({ mode: given('often') })),
	row(
		'an unknown state of a button',
		'State',
		"has no option 'print'",
		adding({ uiComponents: { component: [{ name: 'attendee', state: given('print') }] } }),
	),

	row('no organizer', 'Organizer', 'is empty', create({ user: locator(given('')) })),
	row(
		'a person who is none',
		'Organizer',
		"cannot be used: '?' is not a mobile number, an e-mail address, an ID or a name",
		create({ user: locator('?') }),
	),
	row(
		'a user ID as union ID',
		'Organizer',
		"cannot be used: '0123456789012345' is a user ID, not a union ID",
		create({ user: locator('0123456789012345', 'unionId') }),
	),
	row(
		'a mobile number as union ID',
		'Organizer',
		"cannot be used: '13800138000' is a mobile number, not a union ID",
		create({ user: locator('13800138000', 'unionId') }),
	),
	row(
		'a user ID as mobile number',
		'Attendee',
		"cannot be used: 'manager4220' is not a mobile number",
		on('response', 'set', { user: locator('manager4220', 'mobile') }),
	),
	row(
		'an attendee that is no identifier',
		'Attendees',
		"cannot be used: '???'",
		adding({ attendees: 'manager4220, ???' }),
	),
	row(
		'an optional guest who is none',
		'Optional Attendees',
		"cannot be used: '???'",
		adding({ optionalAttendees: '???' }),
	),
	row(
		'a guest without an ID',
		'Attendees',
		'cannot be used: one entry has no name, number or ID',
		adding({ attendees: given([{ title: 'Manager' }]) }),
	),
	row(
		'a way to identify people that is none',
		'Identify People By',
		"has no option 'badge'",
		adding({ attendees: 'manager4220', identifyBy: given('badge') }),
	),
	row(
		'attendees that are a condition',
		'Attendees',
		'cannot be used: one entry has no name',
		adding({ attendees: given(true) }),
	),
	row(
		'a condition among people to add',
		'Attendees',
		'cannot be used: one entry has no name',
		on('attendee', 'add', { attendees: given(['a', true]) }),
	),
	row(
		'more guests than an event takes',
		'Attendees',
		'names 5001 people, but DingTalk allows at most 5000 per event',
		adding({ attendees: Array.from({ length: 5001 }, (_, i) => `u${i}`).join() }),
	),

	row('no event', 'Event', 'is empty', on('event', 'get', { eventId: locator(given(''), 'id') })),
	row(
		'an event that is not text',
		'Event',
		'is not text',
		on('event', 'delete', { eventId: locator(given({ id: 1 }), 'id') }),
	),
	row(
		'an event whose ID would make the path another one',
		'Event',
		'is not an ID: ..',
		on('event', 'delete', { eventId: locator('..', 'id') }),
	),
	row('no calendar', 'Calendar', 'is empty', on('event', 'get', { calendarId: locator(given(' '), 'id') })),
	row(
		'an answer that is none',
		'Response',
		"has no option 'maybe'",
		on('response', 'set', { responseStatus: given('maybe') }),
	),
	row('no attendees to add', 'Attendees', 'is empty', on('attendee', 'add', { attendees: given([]) })),
	row('no attendees to remove', 'Attendees', 'is empty', on('attendee', 'remove', { attendees: given('') })),
	row('no new organizer', 'New Organizer', 'is empty', on('event', 'transfer', { newOrganizer: locator(given('')) })),
	row(
		'a limit of 0',
		'Limit',
		'must be a whole number from 1',
		on('attendee', 'getAll', { returnAll: false, limit: 0 }),
	),
	row(
		'a response to filter by that is none',
		'Response',
		"has no option 'yes'",
		on('attendee', 'getAll', { filters: { response: given(['yes']) } }),
	),
	row(
		'501 attendees to show',
		'Max Attendees',
		'must be a whole number from 1 to 500, not 501',
		on('event', 'get', { options: { maxAttendees: 501 } }),
	),

	row('an update without changes', 'Update Fields', 'is empty', update({})),
	row(
		'an update that adds no attendee',
		'Attendees',
		'is empty',
		update({ attendeeChange: { change: { mode: 'add', attendees: '' } } }),
	),
	row(
		'an update that would remove all attendees by mistake',
		'Attendees',
		'is empty',
		update({ attendeeChange: { change: { mode: 'replace', attendees: given([]) } } }),
	),
	row('All Day without dates', 'All Day', "is set without 'Start' and 'End'", update({ allDay: true })),
	row(
		'a time zone without times',
		'Time Zone',
		"is set without 'Start' or 'End'",
		update({ timeZone: locator('Asia/Shanghai', 'id') }),
	),
	row(
		'a field both set and cleared',
		'Fields to Clear',
		"includes 'Location', which 'Update Fields' also sets",
		update({ location: 'Room 1' }, { clearFields: ['location'] }),
	),
	row(
		'attendees both changed and cleared',
		'Fields to Clear',
		"includes 'Attendees'",
		update({ attendeeChange: { change: { mode: 'add', attendees: 'manager4220' } } }, { clearFields: ['attendees'] }),
	),
	row(
		'a field to clear that is none',
		'Fields to Clear',
		"has no option 'title'",
		update({}, { clearFields: given(['title']) }),
	),
	row('an empty new title', 'Title', 'is empty', update({ summary: given('') })),
	row(
		'an end before the start in an update',
		'End',
		"is before 'Start'",
		update({ start: '2026-03-03T10:00', end: '2026-03-03T09:00' }),
	),

	row(
		'a window that ends before it begins',
		'To',
		"is before 'From'",
		list({ timeMin: '2026-03-03', timeMax: '2026-03-02' }),
	),
	row(
		'a window of more than a year',
		'To',
		"is more than a year after 'From'",
		list({ view: 'stored', timeMin: '2026-03-03', timeMax: '2027-03-10' }),
	),
	row('an output without fields', 'Fields', 'is empty', list({ output: 'selected', outputFields: [] })),
];

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
