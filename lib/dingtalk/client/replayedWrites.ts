/**
 * DingTalk may answer a repeated write with its first answer, or say only that it has carried it out before. Then what
 * came of it is read.
 */
import { DateTime } from 'luxon';
import { api, type ApiCall } from '../endpoints';
import type { CallInput, Client } from './types';
import { listRows } from './pagination';
import { apiDateTime } from '../utils/timestamps';

interface Time {
	date?: string;
	dateTime?: string;
}

interface Created {
	id: string;
	status?: string;
	summary?: string;
	seriesMasterId?: string;
	start?: Time;
	end?: Time;
	organizer?: { id?: string; self?: boolean };
}

const ALL_DAY_ZONE = 'Asia/Shanghai';

const toDateTime = ({ date, dateTime }: Time = {}): DateTime =>
	date ? DateTime.fromISO(date, { zone: ALL_DAY_ZONE }) : DateTime.fromISO(dateTime ?? '', { zone: ALL_DAY_ZONE });

const isSameTime = (one: Time | undefined, other: Time | undefined): boolean =>
	one?.date === other?.date && toDateTime(one).toMillis() === toDateTime(other).toMillis();

/** The events that a request to create one may have made: usually one, more where others are just like it. */
export async function findMatchingEvents(
	client: Client,
	{ path = {}, body, onStop: ifStopped }: CallInput,
): Promise<Created[]> {
	const wanted = body as Created;
	const start = toDateTime(wanted.start);
	const query = {
		timeMin: apiDateTime(start),
		timeMax: apiDateTime(start.plus({ seconds: 1 })),
		maxResults: api.listEventsView.pageSize,
	};
	const found = await listRows<Created>(
		client,
		api.listEventsView,
		'events',
		{ path, query, onStop: ifStopped },
		{
			matches: (row) =>
				row.status !== 'cancelled' &&
				row.summary === wanted.summary &&
				(row.organizer?.self === true || row.organizer?.id === path.userId) &&
				isSameTime(row.start, wanted.start) &&
				// Of whole days DingTalk may give the last one, or the one after it.
				(!wanted.end?.dateTime || isSameTime(row.end, wanted.end)),
		},
	);
	const byId = new Map(found.map((row) => [row.seriesMasterId || row.id, row]));
	return [...byId].map(([id, row]) => ({ ...row, id }));
}

/** The event that the first request made; undefined where more than one may be it. */
async function findCreatedEvent(client: Client, input: CallInput): Promise<Created | undefined> {
	const found = await findMatchingEvents(client, input);
	return found.length === 1 ? found[0] : undefined;
}

/** What a write gave that was carried out before; undefined where that cannot be told. */
export async function readOriginalResult(client: Client, call: ApiCall, input: CallInput): Promise<unknown> {
	switch (call) {
		case api.createEvent:
			return await findCreatedEvent(client, input);
		case api.updateEvent:
			return await client.request(api.getEvent, { path: input.path });
		default:
			// Nobody reads more from the other answers than that they are good.
			return {};
	}
}
