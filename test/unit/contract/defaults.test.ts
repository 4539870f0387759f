/** Checks that adding an option without changing its value has no effect: its default is what happens without it. */
import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';

import { readSchedule, webhookProperties } from '../../../nodes/DingTalkCalendarWebhookTrigger/fields';
import { resources } from '../../../nodes/DingTalkCalendar/resources';
import type { Item } from '../../../lib/n8n/ItemContext';
import { errorOf } from '../../engine/harness';
import { CASES } from '../../engine/support/cases';
import { callsOf, hour, plant } from '../../engine/support/events';
import { useDesk } from '../../engine/support/setup';
import { reserve, roomsOf } from '../../engine/support/state';

const desk = useDesk({ waits: 'skipped' });

const isField = (option: object): option is INodeProperties => 'type' in option && 'displayName' in option;

interface CollectionField {
	id: string;
	/** The operation, such as `event.create`. */
	operation: string;
	collection: string;
	field: INodeProperties;
}

const operations = resources.flatMap(({ value: resource, operations: list }) =>
	list.map((operation) => ({
		id: `${resource}.${operation.value}`,
		resource,
		operation: operation.value,
		properties: operation.properties,
		writes: operation.calls.some(({ isRead }) => !isRead),
	})),
);

const collectionFields = operations.flatMap(({ id, properties }) =>
	properties
		.filter(({ type }) => type === 'collection')
		.flatMap(({ name, options = [] }) =>
			options.filter(isField).map((field): CollectionField => ({
				id: `${id} ${name}.${field.name}`,
				operation: id,
				collection: name,
				field,
			})),
		),
);

const fieldOf = (id: string): INodeProperties => {
	const found = collectionFields.find((one) => one.id === id);
	if (!found) throw new Error(`There is no option ${id}`);
	return found.field;
};

/** Options that have an effect as soon as they are added, each with the reason. */
const EXCEPTIONS: Array<[reason: string, pattern: RegExp]> = [
	['adding a field means to change it', / updateFields\.(?!allDay$|onlineMeeting$|send)/],
	['adding a field means to change it in an event that exists', /^event\.upsert additionalFields\./],
	['must be filled in', / runOptions\.idempotencyKey$/],
	['must be filled in', / (additionalFields|options)\.timeZone$/],
	[
		'is sent, although DingTalk does the same without it',
		/^event\.(book|create|update) \w+Fields\.send(ChatCard|PushNotification)$/,
	],
];

const isException = ({ id }: CollectionField): boolean => EXCEPTIONS.some(([, pattern]) => pattern.test(id));

/** An event with an empty text or list is the same as one without it. */
function withoutEmpty(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutEmpty);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value)
		.map(([key, inner]): [string, unknown] => [key, withoutEmpty(inner)])
		.filter(([, inner]) => inner !== '' && !(typeof inner === 'object' && Object.keys(inner ?? {}).length === 0));
	return Object.fromEntries(entries);
}

/** The output of an operation, and the number of its metered calls. */
async function resultOf(parameters: INodeParameters): Promise<unknown> {
	await desk().recorder.clear();
	const { run, items } = await desk().runNode({ parameters });
	expect(errorOf(run)).toBeUndefined();
	return { items: withoutEmpty(items), calls: (await callsOf(desk())).filter(({ metered }) => metered).length };
}

const adding = (parameters: INodeParameters, added: Array<[collection: string, name: string, value: unknown]>) =>
	added.reduce<INodeParameters>(
		(all, [collection, name, value]) => ({
			...all,
			[collection]: { [name]: value, ...(all[collection] as IDataObject | undefined) } as INodeParameters,
		}),
		parameters,
	);

describe('Adding options with their defaults', () => {
	it.each(operations)('changes nothing in $id', async ({ id, resource, operation, writes }) => {
		const fields = collectionFields.filter((one) => one.operation === id && !isException(one));
		// A preview shows the requests of an operation that could not run twice.
		const tested = fields.filter(({ field }) => !writes || field.name !== 'preview');
		const parameters: INodeParameters = {
			resource,
			operation,
			user: desk().people[0].unionId,
			...CASES[id](desk()),
			...(writes ? { runOptions: { preview: true } } : {}),
		};
		const withAll = adding(
			parameters,
			tested.map(({ collection, field }) => [collection, field.name, field.default]),
		);
		expect(await resultOf(withAll)).toEqual(await resultOf(parameters));
	});

	it('is tested for all options except those with a reason', () => {
		for (const [, pattern] of EXCEPTIONS) expect(collectionFields.some(({ id }) => pattern.test(id))).toBe(true);
		const descriptions = collectionFields.map(({ id, field }) => `${id}: ${field.description ?? ''}`);
		expect(descriptions.filter((text) => /not added|unless added|if this is not/i.test(text))).toEqual([]);
	});
});

/** People, rooms and events for which every option below makes a difference. */
async function setScene(): Promise<
	Record<'findSlots' | 'agenda' | 'freeBusy' | 'rooms' | 'book' | 'stored', INodeParameters>
> {
	const [host, anna, ben] = desk().people;
	const user = host.unionId;
	plant(desk(), host, { ...hour(3, 10), start: { dateTime: '2026-03-03T09:45:00+08:00', timeZone: 'Asia/Shanghai' } });
	// An invitation without an answer is a tentative time.
	plant(desk(), ben, { ...hour(3, 15), attendees: [{ id: anna.unionId }] });
	const declined = plant(desk(), anna, { ...hour(4, 15), summary: 'Declined', attendees: [{ id: user }] });
	const deleted = plant(desk(), host, { ...hour(2, 7), summary: 'Deleted' });
	for (const parameters of [
		{ resource: 'response', operation: 'set', user, eventId: declined, responseStatus: 'declined' },
		{ resource: 'event', operation: 'delete', user, eventId: deleted },
	]) {
		expect(errorOf((await desk().runNode({ parameters })).run)).toBeUndefined();
	}
	const range = { timeMin: '2026-03-03T08:00', timeMax: '2026-03-04T20:00' };
	const [, , , , , , waiting] = roomsOf(desk());
	reserve(desk(), plant(desk(), ben, hour(3, 11)), [waiting.roomId]);
	return {
		findSlots: {
			...{ resource: 'freeBusy', operation: 'findSlots', user, ...range },
			...{ attendees: anna.unionId, duration: 45, results: 50 },
		},
		agenda: { resource: 'event', operation: 'getAgenda', user, period: 'week', date: '2026-03-03' },
		freeBusy: { resource: 'freeBusy', operation: 'get', user, people: anna.unionId, ...range },
		rooms: { resource: 'meetingRoom', operation: 'getFreeBusy', user, rooms: waiting.roomId, ...range },
		book: {
			...{ resource: 'event', operation: 'book', user, summary: 'Meeting', roomChoice: 'none' },
			...{ start: '2026-03-03T15:00', end: '2026-03-03T15:30' },
			...{ additionalFields: { attendees: anna.unionId }, options: { ifNotBooked: 'report' } },
		},
		stored: {
			...{ resource: 'event', operation: 'getAll', user, view: 'stored', returnAll: true },
			...{ timeMin: '2026-03-01', timeMax: '2026-03-08' },
		},
	};
}

type Scene = keyof Awaited<ReturnType<typeof setScene>>;

/** Options that had another default in an earlier release candidate. */
const CHANGED: Array<[id: string, now: unknown, before: unknown, scene: Scene, also?: INodeParameters]> = [
	['freeBusy.findSlots options.bufferAfter', 0, 10, 'findSlots'],
	['freeBusy.findSlots options.bufferBefore', 0, 10, 'findSlots'],
	['freeBusy.findSlots options.organizerAttends', true, false, 'findSlots'],
	['freeBusy.findSlots options.spread', 'apart', 'days', 'findSlots'],
	['freeBusy.findSlots options.step', '15', '30', 'findSlots'],
	['freeBusy.findSlots options.tentativeIsFree', false, true, 'findSlots'],
	['freeBusy.findSlots workingTime.beyond', 0, 60, 'findSlots'],
	['freeBusy.get options.lookUpNames', false, true, 'freeBusy'],
	['freeBusy.get options.tentativeIsFree', false, true, 'freeBusy'],
	['meetingRoom.getFreeBusy options.tentativeIsFree', false, true, 'rooms'],
	['event.getAgenda options.language', 'en', 'zh', 'agenda'],
	['event.getAgenda options.showFree', false, true, 'agenda'],
	['event.getAgenda options.weekStart', 'monday', 'sunday', 'agenda'],
	['event.getAgenda options.withDeclined', false, true, 'agenda'],
	['event.getAll filters.showDeleted', false, true, 'stored'],
	['event.getAll filters.status', '', 'confirmed', 'stored', { filters: { showDeleted: true } }],
	['event.book options.tentativeIsFree', false, true, 'book'],
	['freeBusy.get runOptions.requestIds', false, true, 'freeBusy'],
	['event.book runOptions.preview', false, true, 'book'],
];

describe('A default that differed from the behavior without the option', () => {
	it.each(CHANGED)(
		'of %s is now %j, which changes nothing, and no longer %j, which does',
		async (...[id, now, before, scene, also]) => {
			const [, collection, name] = /^\S+ (\w+)\.(\w+)$/.exec(id) ?? [];
			expect(fieldOf(id).default).toEqual(now);
			const parameters = { ...(await setScene())[scene], ...also };
			const without = await resultOf(parameters);
			expect(await resultOf(adding(parameters, [[collection, name, now]]))).toEqual(without);
			// A workflow that stores the option with its former default behaves as before.
			expect(await resultOf(adding(parameters, [[collection, name, before]]))).not.toEqual(without);
		},
	);

	it('of event.book options.unreadableIsFree is now false, which changes nothing, and no longer true, which does', async () => {
		const id = 'event.book options.unreadableIsFree';
		const { book } = await setScene();
		const [, , , dora] = desk().people;
		await desk().control('people', { userId: dora.userId, privateFreeBusy: true });
		const parameters = { ...book, additionalFields: { attendees: dora.unionId } };
		const without = await resultOf(parameters);
		expect(fieldOf(id).default).toBe(false);
		expect(await resultOf(adding(parameters, [['options', 'unreadableIsFree', false]]))).toEqual(without);
		expect(await resultOf(adding(parameters, [['options', 'unreadableIsFree', true]]))).not.toEqual(without);
	});

	it.each<[id: string, now: unknown, other?: unknown]>([
		['event.create additionalFields.onlineMeeting', false],
		['event.book additionalFields.onlineMeeting', false],
		['meetingRoom.book options.checkFirst', false],
		['meetingRoom.book options.readOutcome', true],
		['event.update updateFields.onlineMeeting', 'unchanged', true],
		['event.delete options.sendPushNotification', 'default', true],
		['event.delete options.sendPushNotification', 'default', false],
		['event.transfer options.leaveEvent', 'default', true],
		['event.transfer options.leaveEvent', 'default', false],
		['event.transfer options.notifyByChat', 'default', true],
		['attendee.add options.sendChatCard', 'default', true],
		['attendee.add options.sendPushNotification', 'default', false],
		['attendee.sync options.sendChatCard', 'default', false],
	])(
		'of %s is %j, which leaves the previewed requests as they are, while another value changes them',
		async (...[id, now, other = !now]) => {
			const [, operation, collection, name] = /^(\S+) (\w+)\.(\w+)$/.exec(id) ?? [];
			const [resource, value] = operation.split('.');
			const given: INodeParameters = {
				...CASES[operation](desk()),
				...{ resource, operation: value, user: desk().people[0].unionId, runOptions: { preview: true } },
			};
			const parameters = { ...given, [collection]: operation === 'event.update' ? { summary: 'New' } : {} };
			const without = await resultOf(parameters);
			expect(fieldOf(id).default).toBe(now);
			expect(await resultOf(adding(parameters, [[collection, name, now]]))).toEqual(without);
			expect(await resultOf(adding(parameters, [[collection, name, other]]))).not.toEqual(without);
		},
	);

	it("of the webhook trigger's 'Recover Missed Changes' is Never, which recovers none, as without the option", () => {
		const scheduleOf = (options: IDataObject) => readSchedule({ collection: () => options } as unknown as Item);
		const { options = [] } = webhookProperties.find(({ name }) => name === 'options') ?? {};
		const recoverMissed = options.filter(isField).find(({ name }) => name === 'recoverMissed')?.default;
		expect(recoverMissed).toBe('never');
		expect(scheduleOf({ recoverMissed } as IDataObject)).toBe(scheduleOf({}));
		expect(scheduleOf({ recoverMissed: 'hourly' })).toBe('hourly');
	});
});
