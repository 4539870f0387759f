/** Makes the changes of single dates again: in the same series if they were lost, or in the series that continues it. */
import { EVEN_WHEN_ABORTED } from '../client/types';
import { api } from '../endpoints';
import { addAttendees, removeAttendees, type EventContext } from '../events/attendees';
import type { Occurrence } from '../events/occurrences';
import type { SplitState } from './seriesAttempts';
import { originOf, startDayOf, type Series } from './seriesCut';
import { DAY } from '../utils/time';
import { compareDate, findListedFields, hasDifference, type DateException, type SeriesDate } from './compareDate';
import { dateAt, listDates } from './seriesExceptions';
import type { SecondPart } from './seriesContent';
import { bookRoomsAgain, refusalOf, releaseRooms } from './roomsAgain';
import { t } from '../../locale/t';

/** Recreated exceptions trigger no notifications. */
const SILENT = { noPushNotification: 'true', noChatNotification: 'true' };

/** All-day dates may begin half a day earlier or later. */
const windowOf = (dates: Occurrence[]) => {
	const origins = dates.map(originOf);
	return { from: Math.min(...origins) - DAY, to: Math.max(...origins) + DAY };
};

/** Returns in words what DingTalk refused. */
async function makeException(context: EventContext, exception: DateException, key: string): Promise<string[]> {
	const { client, path, idempotencyKey } = context;
	const { isCancelled, changes, toAdd, toRemove, roomsToBook, roomsToRelease } = exception;
	const day = startDayOf(exception.planned);
	const change = async (): Promise<void> => {
		if (isCancelled) {
			const query = { pushNotification: false };
			const idempotency = { idempotencyKey: idempotencyKey(key, path.eventId), ...EVEN_WHEN_ABORTED };
			await client.request(api.deleteEvent, { path, query, ...idempotency });
			return;
		}
		if (Object.keys(changes).length > 0) {
			const body = { id: path.eventId, ...changes, extra: SILENT };
			const idempotency = { idempotencyKey: idempotencyKey(key, body), ...EVEN_WHEN_ABORTED };
			await client.request(api.updateEvent, { path, body, ...idempotency });
		}
		await removeAttendees(context, toRemove);
		await addAttendees(context, toAdd, { pushNotification: false, chatNotification: false });
	};
	const refusal = await refusalOf(change());
	const refused = refusal ? [t`the change of the single date ${day} (${refusal.message})`] : [];
	if (isCancelled) return refused;
	const released = roomsToRelease.length > 0 ? await releaseRooms(context, roomsToRelease, `${key} rooms`) : [];
	const booked = roomsToBook.length > 0 ? await bookRoomsAgain(context, roomsToBook, `${key} rooms`) : [];
	return [...refused, ...[...released, ...booked].map((room) => t`${room} on the single date ${day}`)];
}

interface Remake {
	context: EventContext;
	exceptions: DateException[];
	state: SplitState;
	/** The date at which to make it, or why it cannot be made. */
	find: (exception: DateException) => string | SeriesDate | undefined;
}

/** Makes one after the other; returns in words what DingTalk refused, also of those that an earlier try has made. */
async function makeAll({ context, exceptions, state, find }: Remake): Promise<string[]> {
	const refused: string[] = [];
	for (const exception of exceptions) {
		const day = startDayOf(exception.planned);
		const name = `${context.path.eventId} ${state.number} ${day}`;
		const date = state.remade.has(name) ? undefined : find(exception);
		if (typeof date === 'string') {
			refused.push(t`the change of the single date ${day} (${date})`);
		} else if (date) {
			const target = { ...context, path: { ...context.path, eventId: date.id } };
			state.remade.set(name, await makeException(target, exception, `date ${state.number}`));
		}
		refused.push(...(state.remade.get(name) ?? []));
	}
	return refused;
}

/** Makes exceptions again that the series lost when its rule was changed; returns what they stay without. */
export async function restoreExceptions({
	context,
	series,
	exceptions,
	state,
}: Omit<Remake, 'find'> & { series: Series & SeriesDate }): Promise<string[]> {
	if (exceptions.length === 0) return [];
	const { isPreview } = context.client;
	const dates = await listNewDates(
		context,
		exceptions.map(({ planned }) => planned),
	);
	const listed = findListedFields(dates);
	const owners = new Map(exceptions.map(({ id, planned }) => [id, planned]));
	// A date that was moved, and still is, may be where another one was planned.
	const isOther = ({ id }: SeriesDate, planned: Occurrence): boolean => (owners.get(id) ?? planned) !== planned;
	const find = (exception: DateException): SeriesDate | undefined => {
		const { planned } = exception;
		const date = dateAt(
			dates.filter((one) => !isOther(one, planned)),
			planned,
		);
		const isLost =
			date && (isPreview || exception.isCancelled || !compareDate(date, series, exception.planned, listed));
		return isLost ? date : undefined;
	};
	return await makeAll({ context, exceptions, state, find });
}

const isTime = (field: string): boolean => ['start', 'end', 'isAllDay'].includes(field);

/** The part of an exception that the user's own change does not replace. */
function withoutChanged(
	exception: DateException,
	{ changed, attendees, changesKind, content }: SecondPart,
	isFirst: boolean,
): DateException {
	const keepsTime = !changesKind && !(isFirst && changed.some(isTime));
	const invited = new Set(attendees.map(({ id }) => id));
	const removed = new Set(exception.toRemove.map(({ id }) => id));
	return {
		...exception,
		changes: Object.fromEntries(
			Object.entries(exception.changes).filter(([field]) => (isTime(field) ? keepsTime : !changed.includes(field))),
		),
		toAdd: exception.toAdd.filter(({ id }) => !invited.has(id) || removed.has(id)),
		toRemove: exception.toRemove.filter(({ id }) => invited.has(id)),
		lacksMeeting: exception.lacksMeeting && content.onlineMeetingInfo !== undefined,
	};
}

/** What no call can do, in words. */
function nameLost({ planned, lacksMeeting, changes, isCancelled }: DateException, next: SecondPart): string[] {
	const day = startDayOf(planned);
	return [
		...(lacksMeeting && next.content.onlineMeetingInfo !== undefined
			? [t`that the single date ${day} has no online meeting`]
			: []),
		...(next.changesKind && !isCancelled && Object.keys(changes).some(isTime)
			? [t`the times of the single date ${day}`]
			: []),
	];
}

/** Makes the exceptions in the new series; returns in words what could not be kept. */
export async function remakeExceptions({
	context,
	next,
	exceptions,
	state,
}: Omit<Remake, 'find'> & { next: SecondPart }): Promise<string[]> {
	const lost = exceptions.flatMap((exception) => nameLost(exception, next));
	const wanted = exceptions
		.map((exception) => withoutChanged(exception, next, isFirstDate(exception, next)))
		.map((exception) => ({ ...exception, lacksMeeting: false }))
		.filter(hasDifference);
	const places = wanted.flatMap(({ planned }) => next.placeOf(planned) ?? []);
	// The dates as they were before any of them was changed: later, a moved one may be where another one is planned.
	const dates = state.newDates ?? (places.length > 0 ? await listNewDates(context, places) : []);
	if (places.every((place) => dateAt(dates, place))) state.newDates = dates;
	const find = ({ planned }: DateException): string | SeriesDate => {
		const place = next.placeOf(planned);
		return (place && dateAt(dates, place)) ?? t`the new series has no such date`;
	};
	return [...lost, ...(await makeAll({ context, exceptions: wanted, state, find }))];
}

const isFirstDate = ({ planned }: DateException, { placeOf, content }: SecondPart): boolean =>
	placeOf(planned)?.start === (content.start.date ?? content.start.dateTime);

/** A preview cannot read a series as it will be, so it names its dates by their day. */
async function listNewDates(context: EventContext, places: Occurrence[]): Promise<SeriesDate[]> {
	const { isPreview } = context.client;
	const dates = await listDates(context, windowOf(places), { ...EVEN_WHEN_ABORTED, verifiesWrite: isPreview });
	return isPreview
		? places.map(({ start }) => ({
				id: `ID_OF_${start.slice(0, 10)}`,
				start: start.includes('T') ? { dateTime: start } : { date: start },
			}))
		: dates;
}
