/** The output of Find Common Free Time if there is no time: why, and which single change would open one. */
import type { IDataObject } from 'n8n-workflow';
import type { SlotQuery } from '../../../../lib/dingtalk/freeBusy/slotSearch';
import type { SuggestedChange, NoSlotsExplanation } from '../../../../lib/dingtalk/freeBusy/explainNoSlots';
import { formatCount } from '../../../../lib/dingtalk/utils/text';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import { describeUnreadable, listConflicts, listInvited, toLocal, type SlotContext } from './slotOutput';
import { joinClauses, joinSentences, t } from '../../../../lib/locale/t';
import { formatDateTime } from '../../../../lib/locale/dates';

/** Longer lists do not help to decide. */
const MAX_BLOCKERS = 5;
const MAX_SUGGESTED_ABSENCES = 3;

const formatMoment = (moment: number, zone: string): string => formatDateTime(toLocal(moment, zone));

const STARTS: Record<SlotQuery['step'], string> = {
	5: t`every 5 minutes`,
	10: t`every 10 minutes`,
	15: t`every 15 minutes`,
	20: t`every 20 minutes`,
	30: t`every 30 minutes`,
	60: t`at the full hour`,
};

async function describeChange(
	change: SuggestedChange,
	query: SlotQuery,
	{ nameOf, rooms, guests }: SlotContext,
): Promise<string> {
	switch (change.kind) {
		case 'shorter':
			return t`shorten the meeting to ${formatCount(change.minutes, 'minute')}`;
		case 'withoutPerson':
			return guests.some(({ id }) => id === change.id)
				? t`make ${await nameOf(change.id)} optional`
				: t`meet without ${await nameOf(change.id)}, by turning off 'Organizer Attends'`;
		case 'fewerPeople':
			return t`need only ${change.count} of these people`;
		case 'withoutRoom':
			return t`do without the room ${rooms.find(({ roomId }) => roomId === change.id)?.roomName ?? change.id}`;
		case 'withoutRooms':
			return query.roomsNeeded === 'all' && query.rooms.length > 1 ? t`do without these rooms` : t`do without a room`;
		case 'overLunch':
			return t`meet during lunch`;
		case 'withoutBuffer':
			return t`leave no free time before and after`;
		case 'overTentative':
			return t`count tentative times as free`;
		case 'beyondHours':
			return t`meet up to ${formatCount(change.minutes + query.workingTime.minutesOutside, 'minute')} outside working hours`;
		case 'otherStarts':
			return t`start ${STARTS[change.step]}`;
		case 'otherDay':
			return t`meet on a day off`;
	}
}

/** All kinds of changes, but only the people and rooms whose absence opens the earliest times. */
function selectSuggestions(suggestions: NoSlotsExplanation['suggestions']): NoSlotsExplanation['suggestions'] {
	const dropped = new Set(
		(['withoutPerson', 'withoutRoom'] as const).flatMap((kind) =>
			suggestions
				.filter(({ change }) => change.kind === kind)
				.sort((a, b) => a.slot.start - b.slot.start)
				.slice(MAX_SUGGESTED_ABSENCES),
		),
	);
	return suggestions.filter((suggestion) => !dropped.has(suggestion));
}

/** Who must be there; no verb of a sentence depends on it, because it may be one or many. */
function describeNeeded({ people, anyOf }: SlotQuery): string {
	const choices = new Set(anyOf?.order);
	const isRequired = people.some(({ id, optional }) => !optional && !choices.has(id));
	const some = anyOf && t`${anyOf.count} of ${formatCount(anyOf.order.length, 'person', 'people')}`;
	if (some) return isRequired ? t`all required attendees and ${some}` : some;
	return isRequired ? t`all required attendees` : t`any of the attendees`;
}

/** Whether people must be free for a while before or after the meeting too. */
const hasBuffer = ({ bufferBefore, bufferAfter }: SlotQuery): boolean => bufferBefore + bufferAfter > 0;

/** Whether a calendar that cannot be read rules out times of those who must be there. */
const countsUnreadableAsBusy = ({ people }: SlotQuery, { unreadable, unreadableIsBusy }: SlotContext): boolean =>
	unreadableIsBusy && people.some(({ id, optional }) => !optional && unreadable.has(id));

/** Who is free where only a room is missing; calendars that cannot be read are not said to be free. */
function describeFreePeople({ people, anyOf }: SlotQuery, { unreadable, unreadableIsBusy }: SlotContext): string {
	const isAssumed = !unreadableIsBusy && people.some(({ id }) => unreadable.has(id));
	if (anyOf) {
		return isAssumed
			? t`Enough attendees are free or have a calendar that cannot be read`
			: t`Enough attendees are free`;
	}
	return unreadable.size > 0 ? t`The attendees whose calendar can be read are free` : t`The attendees are free`;
}

/** Why no meeting fits, by the first thing that rules it out. */
function describeReason(explanation: NoSlotsExplanation, query: SlotQuery, context: SlotContext): string {
	const { windowTooShort, starts, workAtAnyMinute, workingStarts, startsWithAllFree } = explanation;
	const length = formatCount(query.duration, 'minute');
	const startRule = t`meetings start only ${STARTS[query.step]} ('Start Every')`;
	if (windowTooShort) return t`The time between 'From' and 'To' is shorter than the meeting of ${length}.`;
	if (starts === 0) return t`No meeting of ${length} fits between 'From' and 'To', as ${startRule}.`;
	if (query.anyOf && query.anyOf.order.length < query.anyOf.count) {
		return t`'Attendees Needed' is ${query.anyOf.count}, but the calendars of only ${query.anyOf.order.length} of these people can be read.`;
	}
	if (workingStarts === 0) {
		return workAtAnyMinute
			? t`${length} would fit into the working hours of ${describeNeeded(query)}, but ${startRule}.`
			: t`No time between 'From' and 'To' is within the working hours of ${describeNeeded(query)} for ${length} without a break.`;
	}
	const possible = t`Possible starts within working hours: ${workingStarts}.`;
	if (startsWithAllFree === 0) {
		const around = hasBuffer(query) ? t`, with the free time before and after` : '';
		const isAssumed = countsUnreadableAsBusy(query, context);
		if (query.anyOf) {
			const assumption = isAssumed ? t`; a calendar that cannot be read counts as busy` : '';
			return t`${possible} None of them is free for ${describeNeeded(query)}${around}${assumption}.`;
		}
		if (isAssumed) {
			return t`${possible} At each, at least one required attendee is busy${hasBuffer(query) ? t` then or within the free time before or after` : ''} or has a calendar that cannot be read, which counts as busy.`;
		}
		return hasBuffer(query)
			? t`${possible} At each, at least one required attendee is busy then or within the free time before or after.`
			: t`${possible} At least one required attendee is busy at each.`;
	}
	if (context.rooms.length === 0) return t`No room meets the conditions.`;
	const several = query.roomsNeeded === 'all' ? t`these rooms are never all` : t`none of the rooms is`;
	const taken = query.rooms.length === 1 ? t`the room is not` : several;
	return joinSentences(
		t`${describeFreePeople(query, context)} at ${formatCount(startsWithAllFree, 'possible start')}, but ${taken} free then.`,
		context.unreadableRooms > 0 &&
			t`DingTalk does not show when ${formatCount(context.unreadableRooms, 'room is', 'rooms are')} booked.`,
	);
}

export async function formatNoSlot(
	explanation: NoSlotsExplanation,
	query: SlotQuery,
	context: SlotContext,
): Promise<IDataObject> {
	const { zone } = query;
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
	const blockerTexts = blockers.map(({ id, person, busyStarts, soleConflictStarts }) => {
		const only = query.anyOf
			? t` (the only obstacle at ${soleConflictStarts})`
			: t` (the only one at ${soleConflictStarts})`;
		const alone = soleConflictStarts > 0 ? only : '';
		if (context.unreadable.has(id)) return t`${person} counts as busy at ${busyStarts}${alone}`;
		return hasBuffer(query)
			? t`${person} rules out ${busyStarts}${alone}`
			: t`${person} is busy at ${busyStarts}${alone}`;
	});
	return {
		found: false,
		start: null,
		end: null,
		timeZone: zone,
		organizer: context.organizer,
		...listInvited(query, context, query.anyOf?.order ?? []),
		room: null,
		rooms: [],
		conflicts: await listConflicts([], context),
		explanation: joinSentences(
			t`No common free time.`,
			describeReason(explanation, query, context),
			blockerTexts.length > 0 && t`${joinClauses(blockerTexts)}.`,
			await describeUnreadable(query, context),
			openings.length > 0
				? t`What would help: ${joinClauses(openings.map(({ change, inWords: when }) => t`${change} (${when})`))}.`
				: t`No single change would help; try other days.`,
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
