/** Builds the event objects that the calls return. */
import type { World } from '../world';
import type { Attendee, EventView, Recurrence } from './model';
import { endSide, HOME_ZONE, inUtc, inZone, startSide, type TimeSide } from './time';
import { attendeeOf, isOnCalendarOf } from './views';

/** The calls that return events. Each omits different parts of the same object. */
export type Shape = 'create' | 'patch' | 'get' | 'list' | 'view' | 'viewByMe' | 'instances' | 'generated';

const WRITES: Shape[] = ['create', 'patch'];
const INSTANCE_LISTS: Shape[] = ['instances', 'generated'];

interface Side {
	date?: string | null;
	dateTime?: string | null;
	timeZone?: string | null;
}

/** The key that does not apply to this kind of event is absent, empty or filled, depending on the switch. */
function otherKey(value: string, { switches }: World): string | null | undefined {
	if (switches.timeFields === 'both') return value;
	return { absent: undefined, null: null, emptyText: '' }[switches.emptyFields];
}

function timeObject(side: TimeSide, ms: number, world: World): Side {
	if ('dateTime' in side) return omitUndefined({ date: otherKey(side.dateTime.slice(0, 10), world), ...side });
	const dateTime = otherKey(inZone(ms, HOME_ZONE), world);
	return omitUndefined({ ...side, dateTime, timeZone: dateTime && HOME_ZONE });
}

/** The attendee list as returned to this user. */
export function attendeeList(view: EventView, unionId: string, world: World): object[] {
	const { organizer } = view.event;
	const shown = world.switches.organizerAmongAttendees
		? view.attendees
		: view.attendees.filter((attendee) => attendee.unionId !== organizer);
	return shown.map((attendee) => ({
		...personObject(attendee, unionId, world),
		isOptional: attendee.isOptional,
	}));
}

const personObject = (attendee: Attendee, unionId: string, world: World) => ({
	id: attendee.unionId,
	displayName: world.company.byUnionId(attendee.unionId)?.name ?? attendee.unionId,
	responseStatus: attendee.response,
	self: attendee.unionId === unionId,
});

function recurrenceObject(recurrence: Recurrence, shape: Shape) {
	const { firstDayOfWeek, ...pattern } = recurrence.pattern;
	return {
		pattern: INSTANCE_LISTS.includes(shape) ? pattern : { ...pattern, firstDayOfWeek: firstDayOfWeek ?? 'sunday' },
		range: recurrence.range,
	};
}

function locationObject(view: EventView, shape: Shape) {
	const withRooms = !['create', 'instances'].includes(shape) && view.rooms.length > 0;
	if (view.details.locationName === undefined && !withRooms) return undefined;
	return {
		displayName: view.details.locationName,
		meetingRooms: withRooms ? view.rooms.map((room) => room.displayName) : undefined,
	};
}

function onlineMeetingObject(view: EventView, shape: Shape) {
	const meeting = view.details.onlineMeeting;
	if (!meeting) return undefined;
	const { extraInfo, ...rest } = meeting;
	return ['patch', 'generated'].includes(shape) ? rest : { ...rest, extraInfo };
}

function extendedProperties(view: EventView, shape: Shape, world: World) {
	if (WRITES.includes(shape)) return undefined;
	const sourceOpenCid = '';
	const sharedProperties =
		shape === 'generated' ? { sourceOpenCid } : { sourceOpenCid, belongCorpId: world.company.corpId };
	if (shape !== 'view') return { sharedProperties };
	const dingtalkDetailUrl = `dingtalk://dingtalkclient/page/calendar/detail?eventId=${encodeURIComponent(view.id)}`;
	return { sharedProperties, privateProperties: { dingtalkDetailUrl } };
}

function categoryList(view: EventView, shape: Shape) {
	if (INSTANCE_LISTS.includes(shape)) return undefined;
	return WRITES.includes(shape)
		? view.details.categories
		: view.details.categories?.map(({ displayName }) => ({ displayName }));
}

/** The series fields, which only some calls return. */
function seriesParts(view: EventView, shape: Shape) {
	const { event, originMs } = view;
	const inLists = INSTANCE_LISTS.includes(shape);
	return {
		originStart: originMs === undefined || inLists ? undefined : { dateTime: inUtc(originMs) },
		seriesMasterId: event.recurrence || originMs !== undefined ? event.id : undefined,
	};
}

export interface Reader {
	unionId: string;
	maxAttendees: number;
	shape: Shape;
}

/** Builds the event object of one call for one user. */
export function presentEvent(view: EventView, { unionId, maxAttendees, shape }: Reader, world: World): object {
	const { details, event } = view;
	const writing = WRITES.includes(shape);
	const uiParts = writing || shape === 'get';
	const organizer = attendeeOf(view, event.organizer);
	const gone = view.cancelled || !isOnCalendarOf(view, unionId);
	return withEmptyFields(world, {
		id: view.id,
		summary: details.summary,
		description: details.description,
		status: writing ? undefined : gone ? 'cancelled' : 'confirmed',
		isAllDay: details.span.allDay,
		start: timeObject(startSide(details.span), details.span.startMs, world),
		end: timeObject(endSide(details.span), details.span.endMs, world),
		recurrence: event.recurrence && recurrenceObject(event.recurrence, shape),
		attendees: attendeeList(view, unionId, world).slice(0, maxAttendees),
		organizer: organizer && personObject(organizer, unionId, world),
		location: locationObject(view, shape),
		meetingRooms: writing || shape === 'generated' || view.rooms.length === 0 ? undefined : view.rooms,
		reminders:
			shape === 'view' || shape === 'viewByMe'
				? undefined
				: details.reminders.map(({ method, minutes }) => ({ method, minutes: String(minutes) })),
		onlineMeetingInfo: onlineMeetingObject(view, shape),
		categories: categoryList(view, shape),
		richTextDescription:
			details.richText === undefined || INSTANCE_LISTS.includes(shape) ? undefined : { text: details.richText },
		extendedProperties: extendedProperties(view, shape, world),
		uiConfigs: uiParts ? details.uiConfigs : undefined,
		cardInstances: uiParts ? details.cardInstances : undefined,
		freeBusyStatus: world.switches.freeBusyStatusReturned === 'yes' ? details.freeBusyStatus : undefined,
		createTime: inUtc(event.createTime),
		updateTime: inUtc(view.updateTime),
		...(writing ? {} : seriesParts(view, shape)),
	});
}

const omitUndefined = <T extends object>(object: T): T =>
	Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

/** Text fields, which can be empty. */
const TEXTS = ['description', 'seriesMasterId'];

/** Fields without a value and empty lists are omitted, null or empty text, depending on the switch. */
function withEmptyFields({ switches }: World, event: Record<string, unknown>): object {
	if (switches.emptyFields === 'absent') return omitUndefined(event);
	const empty = (name: string): unknown =>
		switches.emptyFields === 'null' ? null : TEXTS.includes(name) ? '' : undefined;
	const isEmpty = (value: unknown): boolean =>
		value === undefined || (switches.emptyFields === 'null' && Array.isArray(value) && value.length === 0);
	return omitUndefined(
		Object.fromEntries(Object.entries(event).map(([name, value]) => [name, isEmpty(value) ? empty(name) : value])),
	);
}
