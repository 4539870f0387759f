/** Makes one event of a calendar match the row with its external key. */
import type { Interval } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { api } from '../../../../lib/dingtalk/endpoints';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import {
	afterRead,
	applyAttendeeDiff,
	diffAttendees,
	type EventContext,
	type Invitee,
	type NotificationOptions,
} from '../../../../lib/dingtalk/events/attendees';
import { DingTalkError } from '../../../../lib/dingtalk/errors/DingTalkError';
import { runNext } from '../../../../lib/dingtalk/errors/runSteps';
import { confirmChanges } from '../event/unappliedFields';
import { findChangedFields, type EventState } from '../../../../lib/dingtalk/events/compareEvent';
import {
	readAllAttendees,
	findCreatedByKey,
	findDeletedByKey,
	seriesIdOf,
	getExistingEvent,
	type CalendarRef,
	type KeyedEvent,
} from '../../../../lib/dingtalk/events/findByKey';
import { moveKeyToEnd, readKey } from '../../../../lib/dingtalk/events/keyMarker';
import type { FoundEvent, KeyedCalendar } from '../../../../lib/dingtalk/keyed/keyedEvents';
import type { WriteKey } from '../../../../lib/dingtalk/client/types';
import { createKeyedEvent, type Creation } from '../../../../lib/dingtalk/events/createKeyedEvent';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { t } from '../../../../lib/locale/t';

/** How many events that were deleted since a creation may find before DingTalk is asked in another way. */
const MAX_CREATIONS = 3;

export interface UpsertRequest {
	calendar: CalendarRef;
	/** The events with keys in this calendar. */
	keyed: KeyedCalendar;
	key: string;
	/** Content for a new and for an existing event; they differ in how DingTalk's default reminders are requested. */
	createContent: EventState & Record<string, unknown>;
	updateContent: EventState & Record<string, unknown>;
	/** Undefined to leave the attendees as they are. */
	attendees?: Invitee[];
	notify: NotificationOptions;
	window: Interval<true>;
	knownId?: string;
	reportOnly: boolean;
}

export interface UpsertResult {
	id: string;
	action: 'created' | 'recreated' | 'unchanged' | 'updated' | 'vanished';
	changed: string[];
	added: string[];
	removed: string[];
}

/** Undefined if the event has to be found again first. */
async function updateExisting(
	item: Item,
	request: UpsertRequest,
	{ event: found, isComplete, isOutdated }: FoundEvent,
): Promise<UpsertResult | undefined> {
	const { calendar, keyed, key, updateContent, attendees, notify } = request;
	const id = seriesIdOf(found);
	const needsNoRead = isComplete || (found.seriesMasterId === undefined && updateContent.reminders === undefined);
	const current = needsNoRead ? found : await getExistingEvent(calendar, id);
	if (!current) {
		keyed.noteGone(id);
		return undefined;
	}
	// Without a given description, keep the existing text and only make sure that it ends with the key.
	const description =
		updateContent.description ??
		(readKey(current.description) === key ? undefined : moveKeyToEnd(current.description ?? '', key));
	const changes = findChangedFields(current, { ...updateContent, description });
	let changed = Object.keys(changes).filter((part) => changes[part as keyof typeof changes] !== undefined);
	const target = afterRead(item.eventContext({ ...calendar.path, eventId: id }));
	const attendeeChanges =
		attendees &&
		diffAttendees(
			await readAllAttendees(
				calendar,
				{ ...current, id },
				needsNoRead && !isComplete ? LIMITS.attendeesInList : LIMITS.attendeesInEvent,
			),
			attendees,
			calendar.path.userId,
		);
	const attendeesChange = attendeeChanges && attendeeChanges.toAdd.length + attendeeChanges.toRemove.length > 0;
	if (changed.length === 0 && !attendeesChange) return { id, action: 'unchanged', changed, added: [], removed: [] };
	if (needsNoRead && isOutdated()) return undefined;
	if (!calendar.client.isPreview) keyed.noteChange(key, id);
	if (changed.length > 0) {
		// Whether an update without reminders keeps them is not documented, so given reminders are always sent.
		const { reminders, extra } = updateContent;
		const body = { id, ...(reminders && { reminders }), ...(extra ? { extra } : {}), ...changes };
		const idempotencyKey = item.keyAfterRead('update', body);
		const updated = await calendar.client.request<IDataObject>(api.updateEvent, {
			path: target.path,
			body,
			idempotencyKey,
		});
		changed = confirmChanges(item, changed, body, updated);
	}
	const done = changed.length > 0 ? [{ what: t`change the event (ID ${id})` }] : [];
	const { added, removed } = attendeeChanges
		? await runNext(done, {
				what: t`change the attendees`,
				run: async () => await applyAttendeeDiff(target, attendeeChanges, notify),
			})
		: { added: [], removed: [] };
	if (added.length + removed.length > 0) changed.push('attendees');
	return { id, action: changed.length > 0 ? 'updated' : 'unchanged', changed, added, removed };
}

const readNow = (event: KeyedEvent): FoundEvent => ({ event, isComplete: true, isOutdated: () => false });

/** Updates an event that was just read by itself, and so does not have to be found again. */
async function updateKnown(item: Item, request: UpsertRequest, event: KeyedEvent): Promise<UpsertResult> {
	const result = await updateExisting(item, request, readNow(event));
	return result ?? { id: event.id, action: 'vanished', changed: [], added: [], removed: [] };
}

/** Refused because it was deleted since the calendar was read. */
async function isGone({ calendar }: UpsertRequest, { event, isComplete }: FoundEvent, error: Error): Promise<boolean> {
	const isRefusal = error instanceof DingTalkError && ['missing', 'input'].includes(error.kind);
	return isRefusal && !isComplete && (await getExistingEvent(calendar, seriesIdOf(event))) === undefined;
}

/** Updates the event with the key, if there is one. What others did since the calendar was read is seen before it is overwritten. */
async function updateFound(item: Item, request: UpsertRequest): Promise<UpsertResult | undefined> {
	const { calendar, keyed, key, window } = request;
	for (let recent = false; ; recent = true) {
		const found = await keyed.find(calendar, key, window, recent);
		if (!found) return undefined;
		const result = await updateExisting(item, request, found).catch(async (error: Error) => {
			if (!(await isGone(request, found, error))) throw error;
			keyed.noteGone(seriesIdOf(found.event));
			return undefined;
		});
		if (result) return result;
	}
}

export async function upsertEvent(item: Item, request: UpsertRequest): Promise<UpsertResult> {
	const { calendar, key, createContent, window, knownId, reportOnly, attendees = [], notify } = request;
	const known = knownId ? await getExistingEvent(calendar, knownId) : undefined;
	if (known) return await updateKnown(item, request, known);
	const updated = await updateFound(item, request);
	if (updated) return updated;
	const deletedId = knownId ?? (reportOnly ? (await findDeletedByKey(calendar, key, window))?.id : undefined);
	if (reportOnly && deletedId) return { id: deletedId, action: 'vanished', changed: [], added: [], removed: [] };

	const eventContext = (eventId: string): EventContext => item.eventContext({ ...calendar.path, eventId });
	const create = async (writeKey: WriteKey): Promise<Creation> =>
		await createKeyedEvent(calendar, writeKey, { content: createContent, attendees, notify, eventContext });
	let goneId = deletedId;
	for (let tries = 1; tries <= MAX_CREATIONS; tries++) {
		// Two concurrent runs send the same idempotency key, so within a day DingTalk creates only one event for both.
		const creation = await create(item.crossRunKey('upsert', [calendar.path, key, goneId]));
		if ('existing' in creation) return await updateKnown(item, request, creation.existing);
		if ('createdId' in creation) return newEvent(request, creation.createdId, goneId !== undefined);
		goneId = creation.goneId;
		if (goneId === undefined) break;
	}
	const createdMeanwhile = await findCreatedByKey(calendar, key, window);
	if (createdMeanwhile) return await updateKnown(item, request, createdMeanwhile);
	// An event was created with this idempotency key and has been deleted since, and DingTalk does not say which.
	const last = await create(item.creationKey('upsert again', [calendar.path, key, deletedId]));
	if ('existing' in last) return await updateKnown(item, request, last.existing);
	if ('createdId' in last) return newEvent(request, last.createdId, true);
	throw new InputError(
		'External Key',
		t`cannot be used now: DingTalk keeps returning an event that was deleted`,
		t`Try again tomorrow, or use another key.`,
	);
}

function newEvent(request: UpsertRequest, id: string, existed: boolean): UpsertResult {
	const { calendar, keyed, key, attendees = [] } = request;
	if (!calendar.client.isPreview) keyed.noteChange(key, id);
	return {
		id,
		action: existed ? 'recreated' : 'created',
		changed: [],
		added: attendees.map((attendee) => attendee.id),
		removed: [],
	};
}
