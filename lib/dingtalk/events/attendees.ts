/** Putting people on an event and taking them off, however many. */
import { api } from '../endpoints';
import { sendInBatches } from '../client/batching';
import type { Client } from '../client/types';
import { listRows, type ListOptions } from '../client/pagination';

export interface Invitee {
	id: string;
	isOptional: boolean;
}

export interface Attendee {
	id: string;
	displayName?: string;
	responseStatus?: string;
	self?: boolean;
	isOptional?: boolean;
}

export interface NotificationOptions {
	pushNotification?: boolean;
	chatNotification?: boolean;
}

/** The event as one person has it, and a name for each request, so that it is carried out once. */
export interface EventContext {
	client: Client;
	path: { userId: string; calendarId: string; eventId: string };
	idempotencyKey(what: string, body: unknown): string;
}

export async function addAttendees(
	{ client, path, idempotencyKey }: EventContext,
	people: Invitee[],
	notify: NotificationOptions = {},
): Promise<void> {
	await sendInBatches(people, api.addAttendees.maxBatch, async (part, number) => {
		const body = { attendeesToAdd: part, ...notify };
		await client.request(api.addAttendees, { path, body, idempotencyKey: idempotencyKey(`add ${number}`, body) });
	});
}

export async function removeAttendees(
	{ client, path, idempotencyKey }: EventContext,
	people: Array<{ id: string }>,
): Promise<void> {
	await sendInBatches(people, api.removeAttendees.maxBatch, async (part, number) => {
		const body = { attendeesToRemove: part };
		await client.request(api.removeAttendees, { path, body, idempotencyKey: idempotencyKey(`remove ${number}`, body) });
	});
}

export async function listAttendees(
	{ client, path }: Pick<EventContext, 'client' | 'path'>,
	options: ListOptions<Attendee> = {},
): Promise<Attendee[]> {
	return await listRows<Attendee>(
		client,
		api.listAttendees,
		'attendees',
		{ path, query: { maxResults: api.listAttendees.pageSize } },
		options,
	);
}

export interface AttendeeChanges {
	added: string[];
	removed: string[];
}

export interface AttendeeDiff {
	toAdd: Invitee[];
	toRemove: Attendee[];
	/** Those who stay as they are. */
	unchanged: Attendee[];
}

/** What it takes to make a list what was asked for. The organizer belongs to the event and is left out of it. */
export function diffAttendees(current: Attendee[], wanted: Invitee[], organizerId: string): AttendeeDiff {
	const present = current.filter(({ id }) => id !== organizerId);
	const optional = new Map(present.map(({ id, isOptional = false }) => [id, isOptional]));
	const desired = new Map(wanted.filter(({ id }) => id !== organizerId).map((one) => [one.id, one]));
	// Whether somebody is optional cannot be changed in place: such a person leaves and comes back.
	const isUnchanged = ({ id }: { id: string }): boolean =>
		desired.has(id) && desired.get(id)?.isOptional === optional.get(id);
	return {
		toAdd: [...desired.values()].filter((one) => !isUnchanged(one)),
		toRemove: present.filter((one) => !isUnchanged(one)),
		unchanged: present.filter(isUnchanged),
	};
}

export const readAttendeeDiff = async (
	event: Pick<EventContext, 'client' | 'path'>,
	wanted: Invitee[],
	organizerId: string,
): Promise<AttendeeDiff> => diffAttendees(await listAttendees(event), wanted, organizerId);

/** Carries a difference out with the fewest calls. */
export async function applyAttendeeDiff(
	event: EventContext,
	{ toAdd, toRemove }: AttendeeDiff,
	notify: NotificationOptions = {},
): Promise<AttendeeChanges> {
	await removeAttendees(
		event,
		toRemove.map(({ id }) => ({ id })),
	);
	await addAttendees(event, toAdd, notify);
	return { added: toAdd.map(({ id }) => id), removed: toRemove.map(({ id }) => id) };
}

/** Makes the list what was asked for with the fewest calls. */
export async function syncAttendees(
	event: EventContext,
	wanted: Invitee[],
	organizerId: string,
	notify: NotificationOptions = {},
): Promise<AttendeeChanges> {
	return await applyAttendeeDiff(event, await readAttendeeDiff(event, wanted, organizerId), notify);
}
