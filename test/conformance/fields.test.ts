/** Checks which fields of an event each call returns. */
import { daily, meetingOn } from './samples';
import { useStage } from './stage';
import { strangeParts } from './shape';

const stage = useStage();

/** Parts of an event that only some calls show, by the documentation or, where it is silent, by the official client. */
const PARTS = [
	'status',
	'originStart',
	'seriesMasterId',
	'reminders',
	'meetingRooms',
	'categories',
	'richTextDescription',
	'uiConfigs',
	'cardInstances',
	'extendedProperties',
] as const;

type Part = (typeof PARTS)[number];

interface Shown {
	event: object;
	rooms: boolean;
	extraInfo: boolean;
	belongCorpId: boolean;
	detailUrl: boolean;
}

const pick = (value: unknown, ...path: string[]): unknown =>
	path.reduce<unknown>(
		(inner, name) => (typeof inner === 'object' && inner !== null ? { ...inner }[name as never] : undefined),
		value,
	);

const shown = (event: object): Shown => ({
	event,
	rooms: pick(event, 'location', 'meetingRooms') !== undefined,
	extraInfo: pick(event, 'onlineMeetingInfo', 'extraInfo') !== undefined,
	belongCorpId: pick(event, 'extendedProperties', 'sharedProperties', 'belongCorpId') !== undefined,
	detailUrl: pick(event, 'extendedProperties', 'privateProperties', 'dingtalkDetailUrl') !== undefined,
});

/** One date of a series with everything an event can have, as each call shows it. */
async function everyCall(): Promise<Record<string, Shown>> {
	const host = await stage.user();
	const me = await stage.self();
	const fields = meetingOn('2026-03-01', {
		recurrence: daily(),
		location: { displayName: 'Roof' },
		onlineMeetingInfo: { type: 'dingtalk' },
		richTextDescription: { text: '<b>x</b>' },
		uiConfigs: [{ uiName: 'comment', uiStatus: 'hide' }],
		cardInstances: [{ outTrackId: 'card', scenario: 'x' }],
		categories: [{ categoryId: 'category-work' }],
	});
	const create = await host.create(fields);
	const id = create.id ?? '';
	stage.book(id, stage.world.company.rooms[0]);
	const window = { timeMin: '2026-03-01T00:00:00+08:00', timeMax: '2026-03-02T00:00:00+08:00' };
	const [view] = (await host.view(window)).events ?? [];
	const [viewByMe] = (await me.viewByMe(window)).events ?? [];
	const [list] = (await host.list()).events ?? [];
	const [instances] = (await host.instances(id, window)).events ?? [];
	const [generated] = (await host.generatedInstances({ seriesMasterId: id })).events ?? [];
	const [get, patch] = [await host.get(view.id ?? ''), await host.patch(view.id ?? '', { summary: 'Other' })];
	const calls = { create, patch, get, list, view, viewByMe, instances, generated };
	return Object.fromEntries(Object.entries(calls).map(([name, event]) => [name, shown(event)]));
}

const PRESENT: Record<string, Part[]> = {
	create: ['reminders', 'categories', 'richTextDescription', 'uiConfigs', 'cardInstances'],
	patch: ['reminders', 'categories', 'richTextDescription', 'uiConfigs', 'cardInstances'],
	get: [...PARTS],
	list: [
		'status',
		'originStart',
		'seriesMasterId',
		'reminders',
		'meetingRooms',
		'categories',
		'richTextDescription',
		'extendedProperties',
	],
	view: [
		'status',
		'originStart',
		'seriesMasterId',
		'meetingRooms',
		'categories',
		'richTextDescription',
		'extendedProperties',
	],
	viewByMe: [
		'status',
		'originStart',
		'seriesMasterId',
		'meetingRooms',
		'categories',
		'richTextDescription',
		'extendedProperties',
	],
	instances: ['status', 'seriesMasterId', 'reminders', 'meetingRooms', 'extendedProperties'],
	generated: ['status', 'seriesMasterId', 'reminders', 'extendedProperties'],
};

it.each(Object.keys(PRESENT))('"%s" returns exactly the documented fields of an event', async (call) => {
	const { event } = (await everyCall())[call];
	expect(PARTS.filter((part) => part in event)).toEqual(PARTS.filter((part) => PRESENT[call].includes(part)));
	for (const part of [
		'id',
		'summary',
		'isAllDay',
		'start',
		'end',
		'recurrence',
		'attendees',
		'organizer',
		'createTime',
		'updateTime',
	]) {
		expect(event).toHaveProperty(part);
	}
});

it('Room names, video meeting details and links are returned where they are documented', async () => {
	const calls = Object.entries(await everyCall());
	const where = (part: 'rooms' | 'extraInfo' | 'belongCorpId' | 'detailUrl'): string[] =>
		calls.filter(([, shownParts]) => shownParts[part]).map(([name]) => name);
	expect(where('rooms')).toEqual(['patch', 'get', 'list', 'view', 'viewByMe', 'generated']);
	expect(where('extraInfo')).toEqual(['create', 'get', 'list', 'view', 'viewByMe', 'instances']);
	expect(where('belongCorpId')).toEqual(['get', 'list', 'view', 'viewByMe', 'instances']);
	expect(where('detailUrl')).toEqual(['view']);
});

it('The field check detects a field that the official client lacks or types differently', () => {
	class Known {
		static names = (): Record<string, string> => ({ count: 'count', tags: 'tags', inner: 'inner' });
		static types = (): Record<string, unknown> => ({
			count: 'number',
			tags: { type: 'array', itemType: 'string' },
			inner: Known,
		});
	}
	expect(strangeParts(Known, { count: 1, tags: ['a'], inner: { count: 2 }, gone: null })).toEqual(['.gone: not known']);
	expect(strangeParts(Known, { count: '1', tags: [1], inner: { other: 2 } })).toEqual([
		'.count: string instead of number',
		'.tags[0]: number instead of string',
		'.inner.other: not known',
	]);
});
