/** Lists, adds, removes and synchronizes the attendees of an event, any number of them. */
import { api } from '../endpoints';
import { sendInBatches } from '../client/batching';
import type { Change, NamedPerson } from '../errors/PartialFailureError';
import { runSteps } from '../errors/runSteps';
import type { CallInput, Client } from '../client/types';
import { listRows, type ListOptions } from '../client/pagination';
import { t } from '../../locale/t';

export interface Invitee {
	id: string;
	isOptional: boolean;
}

/** A person outside the directory, known by an e-mail address only. */
export interface ExternalAttendee {
	email: string;
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

/** An event in one person's calendar, with what is needed to send requests about it. */
export interface EventContext {
	client: Client;
	path: { userId: string; calendarId: string; eventId: string };
	/** The idempotency key of a request; `purpose` tells it from other requests about this event. */
	idempotencyKey(purpose: string, body: unknown): string;
	/** The same for a request that follows from what was just read: a retry reads again, and sends what it then finds missing. */
	keyAfterRead?(purpose: string, body: unknown): string;
}

/** The event for requests that follow from what was just read. */
export const afterRead = (event: EventContext): EventContext => ({
	...event,
	idempotencyKey: event.keyAfterRead ?? event.idempotencyKey,
});

export async function addAttendees(
	{ client, path, idempotencyKey }: EventContext,
	people: Invitee[],
	notify: NotificationOptions = {},
): Promise<void> {
	await sendInBatches(t`add`, people, api.addAttendees.maxBatch, async (part, number) => {
		const body = { attendeesToAdd: part, ...notify };
		await client.request(api.addAttendees, { path, body, idempotencyKey: idempotencyKey(`add ${number}`, body) });
	});
}

export async function removeAttendees(
	{ client, path, idempotencyKey }: EventContext,
	people: NamedPerson[],
): Promise<void> {
	await sendInBatches(t`remove`, people, api.removeAttendees.maxBatch, async (part, number) => {
		const body = { attendeesToRemove: part.map(({ id }) => ({ id })) };
		await client.request(api.removeAttendees, { path, body, idempotencyKey: idempotencyKey(`remove ${number}`, body) });
	});
}

export async function listAttendees(
	{ client, path, needsAllFields }: Pick<EventContext, 'client' | 'path'> & Pick<CallInput, 'needsAllFields'>,
	options: ListOptions<Attendee> = {},
): Promise<Attendee[]> {
	return await listRows<Attendee>(
		client,
		api.listAttendees,
		'attendees',
		{ path, query: { maxResults: api.listAttendees.pageSize }, needsAllFields },
		options,
	);
}

export interface AttendeeChanges {
	added: string[];
	removed: string[];
}

/** What was changed, for the error of an operation that fails after it. */
export const describeAttendeeChanges = ({ added = [], removed = [] }: Partial<AttendeeChanges>): Change[] =>
	[
		{ what: t`remove`, people: removed.map((id) => ({ id })) },
		{ what: t`add`, people: added.map((id) => ({ id })) },
	].filter(({ people }) => people.length > 0);

export interface AttendeeDiff {
	toAdd: Invitee[];
	toRemove: Attendee[];
	unchanged: Attendee[];
}

/** The additions and removals that turn the current attendees into the wanted ones. The organizer is never touched. */
export function diffAttendees(current: Attendee[], wanted: Invitee[], organizerId: string): AttendeeDiff {
	const present = current.filter(({ id }) => id !== organizerId);
	const optional = new Map(present.map(({ id, isOptional = false }) => [id, isOptional]));
	const desired = new Map(wanted.filter(({ id }) => id !== organizerId).map((invitee) => [invitee.id, invitee]));
	// DingTalk cannot change whether an attendee is optional, so such a person is removed and added again.
	const isUnchanged = ({ id }: { id: string }): boolean =>
		desired.has(id) && desired.get(id)?.isOptional === optional.get(id);
	return {
		toAdd: [...desired.values()].filter((person) => !isUnchanged(person)),
		toRemove: present.filter((person) => !isUnchanged(person)),
		unchanged: present.filter(isUnchanged),
	};
}

export const readAttendeeDiff = async (
	event: Pick<EventContext, 'client' | 'path'>,
	wanted: Invitee[],
	organizerId: string,
): Promise<AttendeeDiff> => diffAttendees(await listAttendees({ ...event, needsAllFields: true }), wanted, organizerId);

/** Removes and adds people with as few calls as possible. */
export async function applyAttendeeDiff(
	event: EventContext,
	{ toAdd, toRemove }: AttendeeDiff,
	notify: NotificationOptions = {},
): Promise<AttendeeChanges> {
	const leaving = toRemove.map(({ id, displayName }) => ({ id, name: displayName }));
	await runSteps([
		...(leaving.length > 0
			? [{ what: t`remove`, people: leaving, run: async () => await removeAttendees(event, leaving) }]
			: []),
		...(toAdd.length > 0
			? [{ what: t`add`, people: toAdd, run: async () => await addAttendees(event, toAdd, notify) }]
			: []),
	]);
	return { added: toAdd.map(({ id }) => id), removed: toRemove.map(({ id }) => id) };
}

/** Sets the attendee list with as few calls as possible. */
export async function syncAttendees(
	event: EventContext,
	wanted: Invitee[],
	organizerId: string,
	notify: NotificationOptions = {},
): Promise<AttendeeChanges> {
	return await applyAttendeeDiff(afterRead(event), await readAttendeeDiff(event, wanted, organizerId), notify);
}
