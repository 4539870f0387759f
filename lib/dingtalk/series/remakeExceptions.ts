/** Makes the changes of single dates again: in the same series if they were lost, or in the series that continues it. */
import { EVEN_WHEN_ABORTED } from '../client/types';
import { api } from '../endpoints';
import { DingTalkError } from '../errors/DingTalkError';
import { addAttendees, removeAttendees, type EventContext } from '../events/attendees';
import type { Occurrence } from '../events/occurrences';
import type { SplitState } from './seriesAttempts';
import { originOf, type Series } from './seriesCut';
import { compareDate, dateAt, listDates, MARGIN, type DateException, type SeriesDate } from './seriesExceptions';
import type { SecondPart } from './seriesContent';
import { isAllDay } from '../events/readEvent';

/** These changes are not news. */
const SILENT = { noPushNotification: 'true', noChatNotification: 'true' };

/** DingTalk does not want it, and will not want it later. */
export const isRefusal = (error: Error): error is DingTalkError =>
	error instanceof DingTalkError && ['input', 'missing', 'permission'].includes(error.kind);

const dayOf = ({ start }: Occurrence): string => start.slice(0, 10);

const windowOf = (dates: Occurrence[]) => {
	const origins = dates.map(originOf);
	return { from: Math.min(...origins) - MARGIN, to: Math.max(...origins) + MARGIN };
};

async function makeException(context: EventContext, exception: DateException, key: string): Promise<void> {
	const { client, path, idempotencyKey } = context;
	const { isCancelled, changes, toAdd, toRemove } = exception;
	if (isCancelled) {
		const query = { pushNotification: false };
		await client.request(api.deleteEvent, {
			path,
			query,
			idempotencyKey: idempotencyKey(key, path.eventId),
			...EVEN_WHEN_ABORTED,
		});
		return;
	}
	if (Object.keys(changes).length > 0) {
		const body = { id: path.eventId, ...changes, extra: SILENT };
		await client.request(api.updateEvent, {
			path,
			body,
			idempotencyKey: idempotencyKey(key, body),
			...EVEN_WHEN_ABORTED,
		});
	}
	await removeAttendees(context, toRemove);
	await addAttendees(context, toAdd, { pushNotification: false, chatNotification: false });
}

interface Remake {
	context: EventContext;
	exceptions: DateException[];
	state: SplitState;
	/** The date at which to make it, or why it cannot be made. */
	find: (exception: DateException) => string | SeriesDate | undefined;
}

/** Makes one after the other; returns those that DingTalk refused, with the reason. */
async function makeAll({ context, exceptions, state, find }: Remake): Promise<string[]> {
	const refused: string[] = [];
	for (const exception of exceptions) {
		const day = dayOf(exception.planned);
		const name = `${context.path.eventId} ${state.number} ${day}`;
		const date = state.remade.has(name) ? undefined : find(exception);
		if (typeof date === 'string') refused.push(`${day} (${date})`);
		if (date === undefined || typeof date === 'string') continue;
		const target = { ...context, path: { ...context.path, eventId: date.id } };
		const error = await makeException(target, exception, `date ${state.number}`).catch((reason: Error) => reason);
		if (error && !isRefusal(error)) throw error;
		if (error) refused.push(`${day} (${error.message})`);
		state.remade.add(name);
	}
	return refused;
}

/** Makes exceptions again that the series lost when its rule was changed; returns the dates that stay without theirs. */
export async function restoreExceptions({
	context,
	series,
	exceptions,
	state,
}: Omit<Remake, 'find'> & { series: Series & SeriesDate }): Promise<string[]> {
	if (exceptions.length === 0 || context.client.isPreview) return [];
	const dates = await listDates(context, windowOf(exceptions.map(({ planned }) => planned)), EVEN_WHEN_ABORTED);
	const find = (exception: DateException): SeriesDate | undefined => {
		const date = dateAt(dates, exception.planned);
		const isLost = date && (exception.isCancelled || !compareDate(date, series, exception.planned));
		return isLost ? date : undefined;
	};
	return await makeAll({ context, exceptions, state, find });
}

/** The part of an exception that the user's own change does not replace. */
function withoutChanged(exception: DateException, { changed, attendees, content }: SecondPart, isFirst: boolean) {
	const isTime = (field: string): boolean => ['start', 'end', 'isAllDay'].includes(field);
	const keepsTime = !(isFirst && changed.some(isTime)) && isAllDay(exception.changes) === isAllDay(content);
	const invited = new Set(attendees.map(({ id }) => id));
	const removed = new Set(exception.toRemove.map(({ id }) => id));
	return {
		...exception,
		changes: Object.fromEntries(
			Object.entries(exception.changes).filter(([field]) => (isTime(field) ? keepsTime : !changed.includes(field))),
		),
		toAdd: exception.toAdd.filter(({ id }) => !invited.has(id) || removed.has(id)),
		toRemove: exception.toRemove.filter(({ id }) => invited.has(id)),
	};
}

/** Makes the exceptions in the new series; returns in words what could not be kept. */
export async function remakeExceptions({
	context,
	next,
	exceptions,
	state,
}: Omit<Remake, 'find'> & { next: SecondPart }): Promise<string[]> {
	const rooms = exceptions
		.filter((exception) => exception.rooms.length > 0)
		.map((exception) => `the room ${exception.rooms.join(', ')} of the single date ${dayOf(exception.planned)}`);
	const placed = exceptions.map((exception) => ({ exception, place: next.placeOf(exception.planned) }));
	const places = placed.flatMap(({ place }) => (place ? [place] : []));
	const dates = places.length > 0 ? await listNewDates(context, windowOf(places), places) : [];
	const placeByOrigin = new Map(placed.map(({ exception, place }) => [originOf(exception.planned), place]));
	const find = ({ planned }: DateException): string | SeriesDate => {
		const place = placeByOrigin.get(originOf(planned));
		return (place && dateAt(dates, place)) ?? 'the new series has no such date';
	};
	const wanted = exceptions
		.map((exception) => withoutChanged(exception, next, exception === exceptions[0] && isFirstDate(exception, next)))
		.filter(
			({ isCancelled, changes, toAdd, toRemove }) =>
				isCancelled || Object.keys(changes).length + toAdd.length + toRemove.length > 0,
		);
	const refused = await makeAll({ context, exceptions: wanted, state, find });
	return [...rooms, ...refused.map((date) => `the change of the single date ${date}`)];
}

const isFirstDate = ({ planned }: DateException, { placeOf, content }: SecondPart): boolean =>
	placeOf(planned)?.start === (content.start.date ?? content.start.dateTime);

/** A preview cannot read a series that does not exist yet, so it names its dates by their day. */
async function listNewDates(
	context: EventContext,
	window: { from: number; to: number },
	places: Occurrence[],
): Promise<SeriesDate[]> {
	const { isPreview } = context.client;
	const dates = await listDates(context, window, { ...EVEN_WHEN_ABORTED, verifiesWrite: isPreview });
	return isPreview
		? places.map(({ start }) => ({
				id: `ID_OF_${start.slice(0, 10)}`,
				start: start.includes('T') ? { dateTime: start } : { date: start },
			}))
		: dates;
}
