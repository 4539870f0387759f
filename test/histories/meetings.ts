/** What is known of the rooms of meetings: which were said to be booked, which an error has named, and which were given back since. */
import type { IRun } from 'n8n-workflow';

import { errorOf } from '../engine/harness';
import type { Facts } from './facts';
import type { SentCall } from './network';
import type { Effect } from './operations';
import type { Outcome } from './outcomes';

interface Said {
	run: IRun;
	outcomes: Outcome[];
	calls: SentCall[];
}

interface Room {
	eventId: string;
	roomId: string;
}

const factOf = ({ eventId, roomId }: Room): string => `event ${eventId} room ${roomId}`;

const roomsIn = (facts: Facts): Array<Room & { status: string }> =>
	[...facts].flatMap(([fact, status]) => {
		const [, eventId, roomId] = /^event (\S+) room (\S+)$/.exec(fact) ?? [];
		return roomId === undefined ? [] : [{ eventId, roomId, status }];
	});

/** The meetings that a run says to be booked, with their rooms. */
const saidBooked = ({ outcomes }: Said): Room[] =>
	outcomes.flatMap((outcome) => {
		const { id, booked, room } = (outcome.is === 'done' && outcome.json) || {};
		return booked === true
			? [{ eventId: String(id), roomId: String((room as { roomId?: unknown } | null)?.roomId) }]
			: [];
	});

/** Whether an error says that the room may be booked for the event, or could not be released. */
function isNamed({ eventId, roomId }: Room, { run, outcomes }: Said): boolean {
	const texts = outcomes.map((outcome) => (outcome.is === 'unknown' ? outcome.text : ''));
	return [...texts, errorOf(run)?.message ?? ''].some(
		(text) => text.includes(eventId) && new RegExp(`(book|release) the room ([^;.]+ \\(ID )?${roomId}`).test(text),
	);
}

/**
 * Whether a tool requested the room and could not see what came of it, or give it back: it got no answer, could not read the
 * event, or did not get the room released. If its execution was stopped, n8n has dropped what the tool said of that: it keeps
 * nothing of a tool whose agent is stopped. A room that the tool did not even try to release is not excused.
 */
function isLostWithTool({ eventId, roomId }: Room, { run, calls }: Said, isTool: boolean): boolean {
	if (!isTool || run.status !== 'canceled') return false;
	const isRequest = ({ method, path, body }: SentCall): boolean =>
		method === 'POST' && path.endsWith(`/events/${eventId}/meetingRooms`) && JSON.stringify(body).includes(roomId);
	const isRead = ({ method, path, isConfirmed }: SentCall): boolean =>
		isConfirmed && method === 'GET' && path.endsWith(`/events/${eventId}`);
	const isRelease = ({ path, body }: SentCall): boolean =>
		path.endsWith(`/events/${eventId}/meetingRooms/batchRemove`) && JSON.stringify(body).includes(roomId);
	const last = calls.map(isRequest).lastIndexOf(true);
	const release = calls
		.slice(last + 1)
		.filter(isRelease)
		.pop();
	return last >= 0 && (!calls[last].isConfirmed || !calls.slice(last).some(isRead) || release?.isConfirmed === false);
}

/** Whether a call was about the event; an output without one comes from the memory of the process. */
export const isAbout = (eventId: string, calls: SentCall[]): boolean =>
	calls.some(({ path }) => path.includes(`/events/${eventId}`));

export class Meetings {
	private readonly booked = new Set<string>();
	private readonly named = new Set<string>();
	/** Who has given a room back last. */
	private readonly givenBackBy = new Map<string, string>();

	/** Whether a booking leaves the rooms of the event as they are: it was said to be booked, and has its room. */
	keepsRooms(id: string, said: Said, before: Facts): boolean {
		const isSaidNow = saidBooked(said).some(({ eventId }) => eventId === id);
		return roomsIn(before).some(
			(room) => room.eventId === id && room.status === 'accepted' && (isSaidNow || this.booked.has(factOf(room))),
		);
	}

	/**
	 * What a booking may change of a meeting that is booked: rooms that its error names may be there, and one that an error has
	 * named may be released by a later try of the process that requested it. A room that was said to be booked is none of them.
	 */
	changesOfSurplus(said: Said, after: Facts, isTool: boolean): Effect[] {
		const left = roomsIn(after).filter((room) => isNamed(room, said) || isLostWithTool(room, said, isTool));
		const released = [...this.named].filter((fact) => !after.has(fact) && !this.booked.has(fact));
		return [
			...left.map((room) => ({ fact: factOf(room), value: room.status })),
			...released.map((fact) => ({ fact, value: undefined })),
		];
	}

	/** The room was said to be booked, and was given back since by a person or by another process. */
	isGivenBackElsewhere(eventId: string, roomId: string, process: string): boolean {
		const by = this.givenBackBy.get(factOf({ eventId, roomId }));
		return by !== undefined && by !== process;
	}

	note(said: Said & { process: string; edits: Effect[] }, before: Facts, after: Facts, surplus: Effect[]): void {
		for (const fact of [...this.booked].filter(
			(one) => before.get(one) === 'accepted' && after.get(one) !== 'accepted',
		)) {
			this.booked.delete(fact);
			this.givenBackBy.set(fact, said.edits.some((edit) => edit.fact === fact) ? 'a person' : said.process);
		}
		for (const { fact } of surplus) this.named.add(fact);
		for (const fact of saidBooked(said)
			.map(factOf)
			.filter((one) => after.get(one) === 'accepted')) {
			this.booked.add(fact);
			this.givenBackBy.delete(fact);
		}
	}
}
