/** Tests that an update says truthfully, on the n8n engine, which fields DingTalk did not take on. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf, hintsOf, TESTED_NODE } from './harness';
import { callsOf, hour, plant } from './support/events';
import { useDesk, type Result } from './support/setup';

const desk = useDesk();

const DESCRIPTION = '[key: A1]';
const RULE = { type: 'relativeMonthly', interval: 1, daysOfWeek: 'tuesday', index: 'first', firstDayOfWeek: 'sunday' };

/** The event as it was before. */
const STORED: IDataObject = {
	summary: 'Before',
	description: DESCRIPTION,
	...hour(3, 10),
	reminders: [{ method: 'dingtalk', minutes: '15' }],
	recurrence: { pattern: RULE, range: { type: 'numbered', numberOfOccurrences: 3 } },
	location: { displayName: 'Hall 1' },
	freeBusyStatus: 'busy',
	onlineMeetingInfo: {},
	categories: [],
	uiConfigs: [],
	cardInstances: [],
};

/** Runs an update that DingTalk answers with this event, whatever was asked for. */
async function run(operation: string, parameters: INodeParameters, answer: IDataObject): Promise<Result> {
	const [host, anna] = desk().people;
	const eventId = plant(desk(), host, {
		summary: 'Before',
		description: DESCRIPTION,
		...hour(3, 10),
		attendees: [{ id: anna.unionId }],
	});
	const body = { id: eventId, attendees: [{ id: anna.unionId }], ...answer };
	await desk().control('faults', { match: { method: 'PUT' }, do: 'status', status: 200, body });
	return await desk().runNode({
		parameters: { resource: 'event', operation, user: host.unionId, eventId, ...parameters },
	});
}

/** The hints about what DingTalk did. */
const hints = ({ run: done }: Result): string[] =>
	hintsOf(done, TESTED_NODE).flatMap(({ message }) => (message.startsWith('DingTalk') ? [message] : []));

const component = { component: [{ name: 'comment', state: 'hide' }] };
const repeat = (change: INodeParameters): INodeParameters => ({
	rule: {
		frequency: 'monthlyOnWeekday',
		interval: 1,
		daysOfWeek: ['tuesday'],
		weekIndex: 'first',
		firstDayOfWeek: 'sunday',
		ends: 'after',
		occurrences: 3,
		...change,
	},
});

describe('an update that DingTalk accepts and does not carry out', () => {
	const remindAt = (minutes: string) => ({ setting: { mode: 'custom', minutes } });

	it.each<[string, INodeParameters]>([
		['Title', { updateFields: { summary: 'After' } }],
		['Description', { updateFields: { eventDescription: 'After' } }],
		['Location', { updateFields: { location: 'Hall 2' } }],
		['Reminders', { updateFields: { reminders: remindAt('5') } }],
		['Reminders', { clearFields: ['reminders'] }],
		['Repeat', { clearFields: ['recurrence'] }],
		...[{ weekIndex: 'last' }, { firstDayOfWeek: 'monday' }, { daysOfWeek: ['friday'] }, { occurrences: 4 }].map(
			(change) => ['Repeat', { updateFields: { recurrence: repeat(change) } }] as const,
		),
		['Show As', { updateFields: { showAs: 'free' } }],
		['Online Meeting', { updateFields: { onlineMeeting: true } }],
		['Category Names or IDs', { updateFields: { categories: ['trip'] } }],
		['Buttons and Sections', { updateFields: { uiComponents: component } }],
		[
			'cardInstances',
			{ updateFields: { moreFields: '{"cardInstances":[{"outTrackId":"card-1","scenario":"meeting"}]}' } },
		],
	] as Array<[string, INodeParameters]>)(
		"fails if '%s' is all that was to be changed (%j)",
		async (label, parameters) => {
			const { run: done } = await run('update', parameters, STORED);
			expect(errorOf(done)?.message).toBe(`DingTalk accepted the update but did not change '${label}' [Item 0]`);
		},
	);

	it('names in a hint what was not changed besides what was', async () => {
		const updateFields = { summary: 'After', uiComponents: component, reminders: remindAt('5') };
		const result = await run('update', { updateFields }, { ...STORED, summary: 'After' });
		expect(errorOf(result.run)).toBeUndefined();
		expect(hints(result)).toContain(
			"DingTalk accepted the update, but the event it returned does not show the change of 'Reminders', 'Buttons and Sections'.",
		);
	});

	it('names an attendee list that still has a person who was removed', async () => {
		const [, anna] = desk().people;
		const attendeeChange = { change: { mode: 'remove', attendees: anna.unionId } };
		const result = await run(
			'update',
			{ updateFields: { summary: 'After', attendeeChange } },
			{ ...STORED, summary: 'After' },
		);
		expect(errorOf(result.run)).toBeUndefined();
		expect(hints(result)).toEqual([expect.stringContaining("does not show the change of 'Attendees'")]);
	});

	it('differs, where only the first day of the week is another one, by nothing else', async () => {
		await run('update', { updateFields: { recurrence: repeat({ firstDayOfWeek: 'monday' }) } }, STORED);
		const sent = (await callsOf(desk())).find(({ method }) => method === 'PUT')?.body as IDataObject;
		expect((sent.recurrence as IDataObject).pattern).toEqual({ ...RULE, firstDayOfWeek: 'monday' });
	});

	it.each<[string, INodeParameters, string]>([
		['Reminders', { reminders: remindAt('5') }, 'reminders'],
		['Online Meeting', { onlineMeeting: true }, 'onlineMeetingInfo'],
		['Rich Text Description', { richTextDescription: '<b>After</b>' }, 'richTextDescription'],
		['Buttons and Sections', { uiComponents: component }, 'uiConfigs'],
	] as Array<[string, INodeParameters, string]>)(
		"says that it does not know about '%s' if it is not returned",
		async (label, updateFields, field) => {
			const result = await run('update', { updateFields }, { ...STORED, [field]: null });
			expect(errorOf(result.run)).toBeUndefined();
			expect(hints(result)).toEqual([
				expect.stringContaining(`returned the event without '${label}': whether this was changed is not known.`),
			]);
		},
	);

	it('says nothing about what DingTalk is not known to return', async () => {
		const result = await run('update', { updateFields: { showAs: 'free' } }, { ...STORED, freeBusyStatus: null });
		expect(errorOf(result.run)).toBeUndefined();
		expect(hints(result)).toEqual([]);
	});

	it("is named by 'Create or Update' too, which does not count it as changed", async () => {
		const parameters = {
			externalKey: 'A1',
			summary: 'After',
			start: '2026-03-03T10:00',
			end: '2026-03-03T11:00',
			additionalFields: { location: 'Hall 2' },
		};
		const answer = { ...STORED, summary: 'After' };
		const result = await run('upsert', parameters, answer);
		expect(errorOf(result.run)).toBeUndefined();
		expect(result.items).toMatchObject([{ action: 'updated', changed: ['summary'] }]);
		expect(hints(result)).toEqual([expect.stringContaining("does not show the change of 'Location'")]);
	});
});

describe('an update that DingTalk carries out', () => {
	it.each<[string, INodeParameters, IDataObject]>([
		['a rule', { recurrence: repeat({}) }, STORED],
		['how it is shown', { showAs: 'free' }, { ...STORED, freeBusyStatus: 'free' }],
		['its online meeting', { onlineMeeting: true }, { ...STORED, onlineMeetingInfo: { type: 'dingtalk' } }],
	])('has no hint if %s is returned as asked for', async (_name, updateFields, answer) => {
		const result = await run('update', { updateFields }, answer);
		expect(errorOf(result.run)).toBeUndefined();
		expect(hints(result)).toEqual([]);
	});

	it('has no hint, whatever it changes, and costs no further call', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, { summary: 'Before', ...hour(3, 10) });
		await desk().recorder.clear();
		const result = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'update',
				user: host.unionId,
				eventId,
				updateFields: {
					summary: 'After',
					eventDescription: 'Text',
					location: 'Hall 2',
					uiComponents: component,
					reminders: { setting: { mode: 'custom', minutes: '5, 60' } },
					recurrence: repeat({}),
					showAs: 'free',
					moreFields: '{"cardInstances":[{"outTrackId":"card-1","scenario":"meeting"}]}',
				},
			},
		});
		expect(errorOf(result.run)).toBeUndefined();
		expect(hints(result)).toEqual([]);
		expect(await callsOf(desk())).toHaveLength(1);
	});
});
