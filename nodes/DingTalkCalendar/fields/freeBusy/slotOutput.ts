/** The output of Find Common Free Time: fields that fit Book a Meeting and Create, and an explanation in words. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import type { Invitee } from '../../../../lib/dingtalk/events/attendees';
import type { Slot } from '../../../../lib/dingtalk/freeBusy/findCommonSlots';
import type { SlotQuery } from '../../../../lib/dingtalk/freeBusy/slotSearch';
import type { MeetingLoad } from '../../../../lib/dingtalk/freeBusy/meetingLoad';
import { formatCount } from '../../../../lib/dingtalk/utils/text';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import { formatPerson } from '../../../../lib/n8n/fields/people';
import { toListEntry } from '../../../../lib/n8n/fields/primitives';
import type { Names } from './slotNames';
import type { Room } from '../rooms/roomFilters';
import { joinSentences, joinWords, t } from '../../../../lib/locale/t';
import { formatWeekdayTime } from '../../../../lib/locale/dates';

export interface SlotContext extends Names {
	/** As `Name <ID>`. */
	organizer: string;
	/** All people except the organizer. */
	guests: readonly Invitee[];
	/** The people whose calendar cannot be read; those who are not in the query are left out. */
	unreadable: ReadonlySet<string>;
	unreadableIsBusy: boolean;
	/** Of the people of whom only some are needed, if they are chosen by turn. */
	turns: ReadonlyMap<string, MeetingLoad>;
	rooms: readonly Room[];
	unreadableRooms: number;
	notice?: string;
}

const REASONS = {
	busy: t`busy`,
	outsideWorkingHours: t`outside working hours`,
	unreadable: t`calendar cannot be read`,
};

export const toLocal = (moment: number, zone: string): DateTime<true> =>
	DateTime.fromMillis(moment, { zone, locale: 'en' }) as DateTime<true>;

/** Also readable by the fields of other operations. */
const joinEntries = (entries: string[]): string => entries.join(', ');

type Conflict = { id: string; person: string; optional: boolean; reason: string };

/** Who is not available, and whose calendar cannot be read. */
export async function listConflicts(absent: Slot['unavailable'], context: SlotContext): Promise<Conflict[]> {
	const optional = new Set(context.guests.filter(({ isOptional }) => isOptional).map(({ id }) => id));
	const rows = [
		...absent
			.filter(({ id }) => !context.unreadable.has(id))
			.map(({ id, reason }) => ({ id, reason: REASONS[reason] })),
		...[...context.unreadable].map((id) => ({ id, reason: REASONS.unreadable })),
	];
	return await Promise.all(
		rows.map(async ({ id, reason }) => ({ id, person: await context.nameOf(id), optional: optional.has(id), reason })),
	);
}

/** The people to invite, as the fields of other operations accept them. */
export function listInvited(
	{ people, anyOf }: SlotQuery,
	{ guests, labels }: SlotContext,
	chosen: readonly string[],
): { attendees: string; optionalAttendees: string } {
	const included = new Set(people.map(({ id }) => id));
	const choices = new Set(anyOf?.order);
	const invited = guests.filter(({ id }) => included.has(id) && (!choices.has(id) || chosen.includes(id)));
	const list = (optional: boolean): string =>
		joinEntries(invited.filter(({ isOptional }) => isOptional === optional).map(({ id }) => labels.get(id) ?? id));
	return { attendees: list(false), optionalAttendees: list(true) };
}

/** The start in the other time zones of the attendees. */
function describeOtherZones(slot: Slot, { zone, people }: SlotQuery): string | false {
	const zones = [...new Set(people.map((person) => person.zone))].filter((one) => one !== zone);
	if (zones.length === 0) return false;
	return t`Other time zones: ${joinWords(zones.map((one) => t`${formatWeekdayTime(toLocal(slot.start, one))} in ${one}`))}.`;
}

const formatRoomLabel = ({ roomId = '', roomName = '' }: Room): string =>
	formatPerson({ id: roomId, displayName: toListEntry(roomName) });

const formatRoom = ({ roomId = '', roomName, roomCapacity }: Room): IDataObject => ({
	id: roomId,
	name: roomName ?? null,
	seats: roomCapacity ?? null,
});

/** Whose calendar cannot be read, and who is therefore not invited. */
export async function describeUnreadable({ people }: SlotQuery, context: SlotContext): Promise<string | false> {
	if (context.unreadable.size === 0) return false;
	const included = new Set(people.map(({ id }) => id));
	const names = joinWords(await Promise.all([...context.unreadable].map(context.nameOf)));
	const isLeftOut = [...context.unreadable].every((id) => !included.has(id));
	return t`The calendar of ${names} cannot be read${isLeftOut ? t`, so ${context.unreadable.size === 1 ? t`this person is` : t`these people are`} left out` : ''}.`;
}

/** Who is free, said only of those whose calendar can be read. */
function describeFree(query: SlotQuery, context: SlotContext, away: string[]): string | false {
	const choices = new Set(query.anyOf?.order);
	const expected = query.people.filter(({ id, optional }) => !choices.has(id) && !(optional && away.length > 0));
	const readable = expected.filter(({ id }) => !context.unreadable.has(id));
	const kind = away.length > 0 || query.anyOf ? t`required attendees` : t`attendees`;
	const whose = readable.length < expected.length ? t` whose calendar can be read` : '';
	return readable.length > 0 && t`All ${kind}${whose} are free.`;
}

async function describeChosen(
	slot: Slot,
	{ anyOf }: SlotQuery,
	{ turns, nameOf, unreadable, unreadableIsBusy }: SlotContext,
): Promise<string | false> {
	if (!anyOf) return false;
	const chosen = await Promise.all(
		slot.chosen.map(async (id) => {
			const turn = turns.get(id);
			return turn && !unreadable.has(id)
				? t`${await nameOf(id)} (${formatCount(turn.meetings, 'meeting')})`
				: await nameOf(id);
		}),
	);
	const people = formatCount(anyOf.order.length, 'person', 'people');
	if (!unreadableIsBusy && anyOf.order.some((id) => unreadable.has(id))) {
		return slot.available === 1
			? t`Of ${people}, ${slot.available} is free or has a calendar that cannot be read; chosen: ${joinWords(chosen)}.`
			: t`Of ${people}, ${slot.available} are free or have a calendar that cannot be read; chosen: ${joinWords(chosen)}.`;
	}
	return slot.available === 1
		? t`Of ${people}, ${slot.available} is free; chosen: ${joinWords(chosen)}.`
		: t`Of ${people}, ${slot.available} are free; chosen: ${joinWords(chosen)}.`;
}

/** What a suggested time has of its own; ready for the fields of Book a Meeting and Create. */
async function formatSuggestion(slot: Slot, query: SlotQuery, context: SlotContext): Promise<IDataObject> {
	const conflicts = await listConflicts(slot.unavailable, context);
	const away = conflicts
		.filter(({ reason }) => reason !== REASONS.unreadable)
		.map(({ person, reason }) => t`${person} (${reason})`);
	const rooms = slot.rooms.flatMap((id) => context.rooms.filter(({ roomId }) => roomId === id));
	const booked = query.roomsNeeded === 'all' ? rooms : rooms.slice(0, 1);
	return {
		start: apiDateTime(toLocal(slot.start, query.zone)),
		end: apiDateTime(toLocal(slot.end, query.zone)),
		timeZone: query.zone,
		organizer: context.organizer,
		...listInvited(query, context, slot.chosen),
		room: booked.length > 0 ? joinEntries(booked.map(formatRoomLabel)) : null,
		rooms: rooms.map(formatRoom),
		conflicts,
		explanation: joinSentences(
			describeFree(query, context, away),
			await describeChosen(slot, query, context),
			away.length > 0 && t`Not available: ${joinWords(away)}.`,
			await describeUnreadable(query, context),
			describeOtherZones(slot, query),
			context.notice,
		),
	};
}

/** The best time with the others as its alternatives, or each time by itself. */
export async function formatSlots(
	slots: readonly Slot[],
	query: SlotQuery,
	context: SlotContext,
	oneItemPerResult: boolean,
): Promise<IDataObject[]> {
	const suggestions = await Promise.all(slots.map(async (slot) => await formatSuggestion(slot, query, context)));
	const found = (suggestion: IDataObject, alternatives: IDataObject[]): IDataObject => ({
		found: true,
		...suggestion,
		alternatives,
	});
	const [best, ...alternatives] = suggestions;
	return oneItemPerResult ? suggestions.map((one) => found(one, [])) : [found(best, alternatives)];
}
