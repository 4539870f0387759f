/** The output of Find Common Free Time: fields that fit the Create operation, and an explanation in words. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import type { PersonAvailability, SlotQuery, Slot } from '../../../../lib/dingtalk/freeBusy/findCommonSlots';
import type { SuggestedChange, NoSlotsExplanation } from '../../../../lib/dingtalk/freeBusy/explainNoSlots';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import { formatCount } from '../../../../lib/dingtalk/utils/formatCount';
import { formatPerson } from '../../../../lib/n8n/fields/people';
import { toListEntry } from '../../../../lib/n8n/fields/primitives';
import type { Names } from './slotNames';
import type { Room } from '../rooms/roomFilters';

/** Longer lists do not help to decide. */
const MAX_BLOCKERS = 5;
const MAX_SUGGESTED_ABSENCES = 3;

export interface SlotContext extends Names {
	/** All people except the organizer. */
	invited: readonly PersonAvailability[];
	/** The people whose calendar cannot be read, each with the reason. */
	unreadable: ReadonlyMap<string, string>;
	rooms: readonly Room[];
	unreadableRooms: number;
	notice?: string;
}

const REASONS = { busy: 'busy', outsideWorkingHours: 'outside working hours', unreadable: 'calendar cannot be read' };

const toLocal = (moment: number, zone: string): DateTime<true> =>
	DateTime.fromMillis(moment, { zone, locale: 'en' }) as DateTime<true>;
const formatMoment = (moment: number, zone: string): string => toLocal(moment, zone).toFormat('ccc d LLL yyyy HH:mm');
const joinSentences = (...parts: Array<string | false | undefined>): string => parts.filter(Boolean).join(' ');
const joinWords = (words: string[]): string => words.join(', ');

type Conflict = { id: string; person: string; optional: boolean; reason: string };

async function listConflicts(absent: Slot['unavailable'], context: SlotContext): Promise<Conflict[]> {
	const optional = new Set(context.invited.filter((one) => one.optional).map(({ id }) => id));
	const rows = [
		...absent
			.filter(({ id }) => !context.unreadable.has(id))
			.map(({ id, reason }) => ({ id, reason: REASONS[reason] })),
		...[...context.unreadable.keys()].map((id) => ({ id, reason: REASONS.unreadable })),
	];
	return await Promise.all(
		rows.map(async ({ id, reason }) => ({ id, person: await context.nameOf(id), optional: optional.has(id), reason })),
	);
}

function listInvited({ invited, labels }: SlotContext, optional: boolean): string {
	const chosen = invited.filter((one) => one.optional === optional);
	return joinWords(chosen.map(({ id }) => labels.get(id) ?? id));
}

/** The start in the other time zones of the attendees. */
function describeOtherZones(slot: Slot, { zone, people }: SlotQuery): string | false {
	const zones = [...new Set(people.map((person) => person.zone))].filter((one) => one !== zone);
	if (zones.length === 0) return false;
	return `Other time zones: ${joinWords(zones.map((one) => `${toLocal(slot.start, one).toFormat('ccc HH:mm')} in ${one}`))}.`;
}

const formatRoomLabel = ({ roomId = '', roomName = '' }: Room): string =>
	formatPerson({ id: roomId, displayName: toListEntry(roomName) });

const formatRoom = ({ roomId = '', roomName, roomCapacity }: Room): IDataObject => ({
	id: roomId,
	name: roomName ?? null,
	seats: roomCapacity ?? null,
});

const describeUnreadable = (conflicts: Conflict[]): string | false => {
	const people = conflicts.filter(({ reason }) => reason === REASONS.unreadable).map(({ person }) => person);
	return people.length > 0 && `The calendar of ${joinWords(people)} cannot be read.`;
};

/** What a suggested time has of its own; ready for the fields of Book a Meeting and Create. */
async function formatSuggestion(slot: Slot, query: SlotQuery, context: SlotContext): Promise<IDataObject> {
	const conflicts = await listConflicts(slot.unavailable, context);
	const away = conflicts
		.filter(({ reason }) => reason !== REASONS.unreadable)
		.map(({ person, reason }) => `${person} (${reason})`);
	const rooms = slot.rooms.flatMap((id) => context.rooms.filter(({ roomId }) => roomId === id));
	const booked = query.roomsNeeded === 'all' ? rooms : rooms.slice(0, 1);
	return {
		start: apiDateTime(toLocal(slot.start, query.zone)),
		end: apiDateTime(toLocal(slot.end, query.zone)),
		timeZone: query.zone,
		attendees: listInvited(context, false),
		optionalAttendees: listInvited(context, true),
		room: booked.length > 0 ? joinWords(booked.map(formatRoomLabel)) : null,
		rooms: rooms.map(formatRoom),
		conflicts,
		explanation: joinSentences(
			away.length > 0
				? `All required attendees are free. Not available: ${joinWords(away)}.`
				: 'All attendees are free.',
			describeUnreadable(conflicts),
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
		why: null,
		alternatives,
	});
	const [best, ...alternatives] = suggestions;
	return oneItemPerResult ? suggestions.map((one) => found(one, [])) : [found(best, alternatives)];
}

async function describeChange(change: SuggestedChange, query: SlotQuery, { nameOf }: SlotContext): Promise<string> {
	switch (change.kind) {
		case 'shorter':
			return `shorten the meeting to ${formatCount(change.minutes, 'minute')}`;
		case 'withoutPerson':
			return `make ${await nameOf(change.id)} optional`;
		case 'withoutRoom':
			return 'do without one of these rooms';
		case 'overLunch':
			return 'meet during lunch';
		case 'withoutBuffer':
			return 'leave no free time before and after';
		case 'overTentative':
			return 'count tentative times as free';
		case 'beyondHours':
			return `meet up to ${formatCount(change.minutes + query.workingTime.minutesOutside, 'minute')} outside working hours`;
		case 'otherDay':
			return 'meet on a day off';
	}
}

/** All kinds of changes, but only the people whose absence opens the earliest times. */
function selectSuggestions(suggestions: NoSlotsExplanation['suggestions']): NoSlotsExplanation['suggestions'] {
	const people = suggestions
		.filter(({ change }) => change.kind === 'withoutPerson')
		.sort((a, b) => a.slot.start - b.slot.start);
	const dropped = new Set(people.slice(MAX_SUGGESTED_ABSENCES));
	return suggestions.filter((suggestion) => !dropped.has(suggestion));
}

function describeReason(
	{ workingStarts, startsWithAllFree, blockers }: NoSlotsExplanation,
	query: SlotQuery,
	context: SlotContext,
): string {
	if (query.people.some(({ optional }) => !optional) && workingStarts === 0) {
		return `At no time between 'From' and 'To' are all required attendees within working hours for ${formatCount(query.duration, 'minute')}.`;
	}
	if (blockers.length === 0 || startsWithAllFree > 0) {
		if (context.rooms.length === 0) return 'No room meets the conditions.';
		const unreadableRooms =
			context.unreadableRooms > 0 &&
			`DingTalk does not show when ${formatCount(context.unreadableRooms, 'room is', 'rooms are')} booked.`;
		return joinSentences(
			`The attendees are free at ${formatCount(startsWithAllFree, 'possible start')}, but the rooms are not.`,
			unreadableRooms,
		);
	}
	return `Possible starts within working hours: ${workingStarts}. At least one required attendee is busy at each.`;
}

export async function formatNoSlot(
	explanation: NoSlotsExplanation,
	query: SlotQuery,
	context: SlotContext,
): Promise<IDataObject> {
	const { zone } = query;
	const conflicts = await listConflicts([], context);
	const blockers = await Promise.all(
		explanation.blockers
			.slice(0, MAX_BLOCKERS)
			.map(async (blocker) => ({ ...blocker, person: await context.nameOf(blocker.id) })),
	);
	const openings = await Promise.all(
		selectSuggestions(explanation.suggestions).map(async ({ change, slot }) => ({
			change: await describeChange(change, query, context),
			start: apiDateTime(toLocal(slot.start, zone)),
			end: apiDateTime(toLocal(slot.end, zone)),
			inWords: formatMoment(slot.start, zone),
		})),
	);
	const blockerTexts = blockers.map(
		({ person, busyStarts, soleConflictStarts }) =>
			`${person} is busy at ${busyStarts}${soleConflictStarts > 0 ? ` (the only one at ${soleConflictStarts})` : ''}`,
	);
	const reason = describeReason(explanation, query, context);
	return {
		found: false,
		start: null,
		end: null,
		timeZone: zone,
		attendees: listInvited(context, false),
		optionalAttendees: listInvited(context, true),
		room: null,
		rooms: [],
		conflicts,
		explanation: joinSentences(
			'No common free time.',
			reason,
			blockerTexts.length > 0 && `${blockerTexts.join('; ')}.`,
			describeUnreadable(conflicts),
			openings.length > 0
				? `What would help: ${openings.map(({ change, inWords: when }) => `${change} (${when})`).join('; ')}.`
				: 'No single change would help; try other days.',
			context.notice,
		),
		why: {
			starts: explanation.workingStarts,
			blockers: blockers.map(({ id, person, busyStarts, soleConflictStarts }) => ({
				id,
				person,
				busyAt: busyStarts,
				aloneAt: soleConflictStarts,
			})),
			openings: openings.map(({ change, start, end }) => ({ change, start, end })),
		},
		alternatives: [],
	};
}
