/** The output of Find Common Free Time if there is no time: why, and which single change would open one. */
import type { IDataObject } from 'n8n-workflow';
import type { SlotQuery } from '../../../../lib/dingtalk/freeBusy/slotSearch';
import type { SuggestedChange, NoSlotsExplanation } from '../../../../lib/dingtalk/freeBusy/explainNoSlots';
import { formatCount } from '../../../../lib/dingtalk/utils/text';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import { describeUnreadable, joinSentences, listConflicts, listInvited, toLocal, type SlotContext } from './slotOutput';

/** Longer lists do not help to decide. */
const MAX_BLOCKERS = 5;
const MAX_SUGGESTED_ABSENCES = 3;

const formatMoment = (moment: number, zone: string): string => toLocal(moment, zone).toFormat('ccc d LLL yyyy HH:mm');

async function describeChange(
	change: SuggestedChange,
	query: SlotQuery,
	{ nameOf, rooms }: SlotContext,
): Promise<string> {
	switch (change.kind) {
		case 'shorter':
			return `shorten the meeting to ${formatCount(change.minutes, 'minute')}`;
		case 'withoutPerson':
			return `make ${await nameOf(change.id)} optional`;
		case 'fewerPeople':
			return `need only ${change.count} of these people`;
		case 'withoutRoom':
			return `do without the room ${rooms.find(({ roomId }) => roomId === change.id)?.roomName ?? change.id}`;
		case 'withoutRooms':
			return query.roomsNeeded === 'all' && query.rooms.length > 1 ? 'do without these rooms' : 'do without a room';
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

const STARTS: Record<SlotQuery['step'], string> = {
	5: 'every 5 minutes',
	10: 'every 10 minutes',
	15: 'every 15 minutes',
	20: 'every 20 minutes',
	30: 'every 30 minutes',
	60: 'at the full hour',
};

/** Who must be there, as the subject of a sentence. */
function describeNeeded({ people, anyOf }: SlotQuery): string {
	const choices = new Set(anyOf?.order);
	const isRequired = people.some(({ id, optional }) => !optional && !choices.has(id));
	const some = anyOf && `${anyOf.count} of ${formatCount(anyOf.order.length, 'person', 'people')}`;
	if (some) return isRequired ? `all required attendees and ${some}` : some;
	return isRequired ? 'all required attendees' : 'any of the attendees';
}

/** Whether people must be free for a while before or after the meeting too. */
const hasBuffer = ({ bufferBefore, bufferAfter }: SlotQuery): boolean => bufferBefore + bufferAfter > 0;

/** Whether a calendar that cannot be read rules out times of those who must be there. */
const countsUnreadableAsBusy = ({ people }: SlotQuery, { unreadable, unreadableIsBusy }: SlotContext): boolean =>
	unreadableIsBusy && people.some(({ id, optional }) => !optional && unreadable.has(id));

/** Why no meeting fits, by the first thing that rules it out. */
function describeReason(explanation: NoSlotsExplanation, query: SlotQuery, context: SlotContext): string {
	const { windowTooShort, starts, workAtAnyMinute, workingStarts, startsWithAllFree } = explanation;
	const length = formatCount(query.duration, 'minute');
	const startRule = `meetings start only ${STARTS[query.step]} ('Start Every')`;
	if (windowTooShort) return `The time between 'From' and 'To' is shorter than the meeting of ${length}.`;
	if (starts === 0) return `No meeting of ${length} fits between 'From' and 'To', as ${startRule}.`;
	if (workingStarts === 0) {
		return workAtAnyMinute
			? `There are ${length} within the working hours of ${describeNeeded(query)}, but ${startRule}.`
			: `At no time between 'From' and 'To' are ${describeNeeded(query)} within working hours for ${length} without a break.`;
	}
	const possible = `Possible starts within working hours: ${workingStarts}.`;
	if (startsWithAllFree === 0) {
		const around = hasBuffer(query) ? ', with the free time before and after' : '';
		if (query.anyOf) return `${possible} At none of them are ${describeNeeded(query)} free${around}.`;
		if (countsUnreadableAsBusy(query, context)) {
			return `${possible} At each, at least one required attendee is busy${hasBuffer(query) ? ' then or within the free time before or after' : ''} or has a calendar that cannot be read, which counts as busy.`;
		}
		return hasBuffer(query)
			? `${possible} At each, at least one required attendee is busy then or within the free time before or after.`
			: `${possible} At least one required attendee is busy at each.`;
	}
	if (context.rooms.length === 0) return 'No room meets the conditions.';
	const readable = context.unreadable.size > 0 ? 'The attendees whose calendar can be read' : 'The attendees';
	const several = query.roomsNeeded === 'all' ? 'these rooms are never all' : 'none of the rooms is';
	const taken = query.rooms.length === 1 ? 'the room is not' : several;
	return joinSentences(
		`${readable} are free at ${formatCount(startsWithAllFree, 'possible start')}, but ${taken} free then.`,
		context.unreadableRooms > 0 &&
			`DingTalk does not show when ${formatCount(context.unreadableRooms, 'room is', 'rooms are')} booked.`,
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
	const blocks = (id: string): string => {
		if (context.unreadable.has(id)) return 'counts as busy at';
		return hasBuffer(query) ? 'rules out' : 'is busy at';
	};
	const blockerTexts = blockers.map(
		({ id, person, busyStarts, soleConflictStarts }) =>
			`${person} ${blocks(id)} ${busyStarts}${soleConflictStarts > 0 ? ` (the only one at ${soleConflictStarts})` : ''}`,
	);
	return {
		found: false,
		start: null,
		end: null,
		timeZone: zone,
		...listInvited(query, context, query.anyOf?.order ?? []),
		room: null,
		rooms: [],
		conflicts: await listConflicts([], context),
		explanation: joinSentences(
			'No common free time.',
			describeReason(explanation, query, context),
			blockerTexts.length > 0 && `${blockerTexts.join('; ')}.`,
			await describeUnreadable(query, context),
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
