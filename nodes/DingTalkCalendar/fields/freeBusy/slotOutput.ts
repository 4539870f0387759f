/** How common free time comes out: ready to be handed to Create, and in words for whoever reads it. */
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import type { PersonTimes, Question, Slot } from '../../../../lib/dingtalk/freeBusy/findSlots';
import type { Change, Why } from '../../../../lib/dingtalk/freeBusy/explainNoSlots';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import { counted } from '../../../../lib/n8n/pluralize';
import type { Room } from '../rooms/roomFilters';

/** More than these few help nobody to decide. */
const MOST_NAMED = 5;
const MOST_PEOPLE_TO_LEAVE_OUT = 3;

export interface SlotNames {
	/** What to call somebody; looks it up where it is not known. */
	nameOf(id: string): Promise<string>;
	/** Everybody but the organizer. */
	invited: readonly PersonTimes[];
	/** Whose calendar may not be read. */
	unreadable: ReadonlyMap<string, string>;
	rooms: readonly Room[];
	unreadableRooms: number;
	notice?: string;
}

const REASONS = { busy: 'busy', outsideWorkingHours: 'outside working hours', unreadable: 'calendar cannot be read' };

const local = (moment: number, zone: string): DateTime<true> =>
	DateTime.fromMillis(moment, { zone, locale: 'en' }) as DateTime<true>;
const inWords = (moment: number, zone: string): string => local(moment, zone).toFormat('ccc d LLL yyyy HH:mm');
const sentence = (...parts: Array<string | false | undefined>): string => parts.filter(Boolean).join(' ');
const listed = (words: string[]): string => words.join(', ');

type Conflict = { id: string; person: string; optional: boolean; reason: string };

async function conflictsOf(absent: Slot['absent'], names: SlotNames): Promise<Conflict[]> {
	const optional = new Set(names.invited.filter((one) => one.optional).map(({ id }) => id));
	const rows = [
		...absent.filter(({ id }) => !names.unreadable.has(id)).map(({ id, why }) => ({ id, reason: REASONS[why] })),
		...[...names.unreadable.keys()].map((id) => ({ id, reason: REASONS.unreadable })),
	];
	return await Promise.all(
		rows.map(async ({ id, reason }) => ({ id, person: await names.nameOf(id), optional: optional.has(id), reason })),
	);
}

function basics({ zone }: Question, { invited }: SlotNames): IDataObject {
	const ids = (optional: boolean): string =>
		invited
			.filter((one) => one.optional === optional)
			.map(({ id }) => id)
			.join(', ');
	return { timeZone: zone, attendees: ids(false), optionalAttendees: ids(true) };
}

/** What time it is then for those in other places. */
function elsewhere(slot: Slot, { zone, people }: Question): string | false {
	const zones = [...new Set(people.map((person) => person.zone))].filter((one) => one !== zone);
	if (zones.length === 0) return false;
	return `It is then ${listed(zones.map((one) => `${local(slot.start, one).toFormat('ccc HH:mm')} in ${one}`))}.`;
}

const roomRow = ({ roomId = '', roomName, roomCapacity }: Room): IDataObject => ({
	id: roomId,
	name: roomName ?? null,
	seats: roomCapacity ?? null,
});

const unknownPeople = (conflicts: Conflict[]): string | false => {
	const people = conflicts.filter(({ reason }) => reason === REASONS.unreadable).map(({ person }) => person);
	return people.length > 0 && `The calendar of ${listed(people)} cannot be read.`;
};

export async function slotRow(slot: Slot, question: Question, names: SlotNames): Promise<IDataObject> {
	const conflicts = await conflictsOf(slot.absent, names);
	const away = conflicts
		.filter(({ reason }) => reason !== REASONS.unreadable)
		.map(({ person, reason }) => `${person} (${reason})`);
	const rooms = slot.rooms.flatMap((id) => names.rooms.filter(({ roomId }) => roomId === id));
	return {
		found: true,
		start: apiDateTime(local(slot.start, question.zone)),
		end: apiDateTime(local(slot.end, question.zone)),
		...basics(question, names),
		rooms: rooms.map(roomRow),
		conflicts,
		explanation: sentence(
			away.length > 0 ? `Everybody who must come has time, but not ${listed(away)}.` : 'Everybody has time.',
			unknownPeople(conflicts),
			elsewhere(slot, question),
			names.notice,
		),
		why: null,
	};
}

async function changeInWords(change: Change, question: Question, { nameOf }: SlotNames): Promise<string> {
	switch (change.kind) {
		case 'shorter':
			return `meet for ${change.minutes} minutes`;
		case 'withoutPerson':
			return `make ${await nameOf(change.id)} optional`;
		case 'withoutRoom':
			return 'meet without one of these rooms';
		case 'overLunch':
			return 'meet over lunch';
		case 'withoutBuffer':
			return 'keep no time free before and after';
		case 'overTentative':
			return 'count tentative times as free';
		case 'beyondHours':
			return `meet up to ${change.minutes + question.time.beyond} minutes outside working hours`;
		case 'otherDay':
			return 'meet on a day off';
	}
}

/** Each thing that can be done once, and of the people only those whose absence opens the earliest times. */
function worthSaying(openings: Why['openings']): Why['openings'] {
	const people = openings
		.filter(({ change }) => change.kind === 'withoutPerson')
		.sort((a, b) => a.slot.start - b.slot.start);
	const dropped = new Set(people.slice(MOST_PEOPLE_TO_LEAVE_OUT));
	return openings.filter((opening) => !dropped.has(opening));
}

function reasonFor({ atWork, peopleFree, blockers }: Why, question: Question, names: SlotNames): string {
	if (question.people.some(({ optional }) => !optional) && atWork === 0) {
		return `At no time between 'From' and 'To' are all who must come at work for ${counted(question.duration, 'minute')} on end.`;
	}
	if (blockers.length === 0 || peopleFree > 0) {
		if (names.rooms.length === 0) return 'No room has what is asked for.';
		const closed =
			names.unreadableRooms > 0 && `DingTalk does not tell about ${counted(names.unreadableRooms, 'room')}.`;
		return sentence(`The people have time at ${counted(peopleFree, 'start')}, but the rooms are taken then.`, closed);
	}
	return `There are ${counted(atWork, 'start')} within working hours, and at each of them somebody who must come is busy.`;
}

export async function nothingRow(why: Why, question: Question, names: SlotNames): Promise<IDataObject> {
	const { zone } = question;
	const conflicts = await conflictsOf([], names);
	const blockers = await Promise.all(
		why.blockers.slice(0, MOST_NAMED).map(async (blocker) => ({ ...blocker, person: await names.nameOf(blocker.id) })),
	);
	const openings = await Promise.all(
		worthSaying(why.openings).map(async ({ change, slot }) => ({
			change: await changeInWords(change, question, names),
			start: apiDateTime(local(slot.start, zone)),
			end: apiDateTime(local(slot.end, zone)),
			inWords: inWords(slot.start, zone),
		})),
	);
	const most = blockers.map(
		({ person, busyAt, aloneAt }) =>
			`${person} is busy at ${busyAt}${aloneAt > 0 ? `, at ${aloneAt} as the only one` : ''}`,
	);
	const reason = reasonFor(why, question, names);
	return {
		found: false,
		start: null,
		end: null,
		...basics(question, names),
		rooms: [],
		conflicts,
		explanation: sentence(
			'No time suits everybody.',
			reason,
			most.length > 0 && `${most.join('; ')}.`,
			unknownPeople(conflicts),
			openings.length > 0
				? `It would work like this: ${openings.map(({ change, inWords: when }) => `${change} (${when})`).join('; ')}.`
				: 'No single change would open a time; try other days.',
			names.notice,
		),
		why: {
			starts: why.atWork,
			blockers: blockers.map(({ id, person, busyAt, aloneAt }) => ({ id, person, busyAt, aloneAt })),
			openings: openings.map(({ change, start, end }) => ({ change, start, end })),
		},
	};
}
