/** Putting people on an event and taking them off, however many. */
import { api } from '../endpoints';
import { sendInBatches } from '../client/batching';
import type { Client } from '../client/types';
import { listRows, type ListOptions } from '../client/pagination';

export interface Invitation {
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

export interface Notify {
	pushNotification?: boolean;
	chatNotification?: boolean;
}

/** The event as one person has it, and a name for each request, so that it is carried out once. */
export interface OnEvent {
	client: Client;
	path: { userId: string; calendarId: string; eventId: string };
	once(what: string, body: unknown): string;
}

export async function addAttendees(
	{ client, path, once }: OnEvent,
	people: Invitation[],
	notify: Notify = {},
): Promise<void> {
	await sendInBatches(people, api.addAttendees.maxBatch, async (part, number) => {
		const body = { attendeesToAdd: part, ...notify };
		await client.request(api.addAttendees, { path, body, idempotencyKey: once(`add ${number}`, body) });
	});
}

export async function removeAttendees({ client, path, once }: OnEvent, people: Array<{ id: string }>): Promise<void> {
	await sendInBatches(people, api.removeAttendees.maxBatch, async (part, number) => {
		const body = { attendeesToRemove: part };
		await client.request(api.removeAttendees, { path, body, idempotencyKey: once(`remove ${number}`, body) });
	});
}

export async function listAttendees(
	{ client, path }: Pick<OnEvent, 'client' | 'path'>,
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

export interface Change {
	added: string[];
	removed: string[];
}

export interface Difference {
	toAdd: Invitation[];
	toRemove: Attendee[];
	/** Those who stay as they are. */
	unchanged: Attendee[];
}

/** What it takes to make a list what was asked for. The organizer belongs to the event and is left out of it. */
export function differenceOf(listed: Attendee[], wanted: Invitation[], organizerId: string): Difference {
	const present = listed.filter(({ id }) => id !== organizerId);
	const optional = new Map(present.map(({ id, isOptional = false }) => [id, isOptional]));
	const asked = new Map(wanted.filter(({ id }) => id !== organizerId).map((one) => [one.id, one]));
	// Whether somebody is optional cannot be changed in place: such a person leaves and comes back.
	const stays = ({ id }: { id: string }): boolean => asked.has(id) && asked.get(id)?.isOptional === optional.get(id);
	return {
		toAdd: [...asked.values()].filter((one) => !stays(one)),
		toRemove: present.filter((one) => !stays(one)),
		unchanged: present.filter(stays),
	};
}

export const attendeeDifference = async (
	event: Pick<OnEvent, 'client' | 'path'>,
	wanted: Invitation[],
	organizerId: string,
): Promise<Difference> => differenceOf(await listAttendees(event), wanted, organizerId);

/** Carries a difference out with the fewest calls. */
export async function applyDifference(
	event: OnEvent,
	{ toAdd, toRemove }: Difference,
	notify: Notify = {},
): Promise<Change> {
	await removeAttendees(
		event,
		toRemove.map(({ id }) => ({ id })),
	);
	await addAttendees(event, toAdd, notify);
	return { added: toAdd.map(({ id }) => id), removed: toRemove.map(({ id }) => id) };
}

/** Makes the list what was asked for with the fewest calls. */
export async function replaceAttendees(
	event: OnEvent,
	wanted: Invitation[],
	organizerId: string,
	notify: Notify = {},
): Promise<Change> {
	return await applyDifference(event, await attendeeDifference(event, wanted, organizerId), notify);
}
