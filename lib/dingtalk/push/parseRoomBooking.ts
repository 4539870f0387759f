/** Parses what DingTalk pushes about bookings of meeting rooms: booked, refused, cancelled, or waiting for approval. */
import { asBoolean, isObject } from '../utils/json';
import { quote, readFields, readId, type ReadField } from './pushFields';
import { t } from '../../locale/t';

export type RoomKind = 'roomBooked' | 'roomRefused' | 'roomCancelled' | 'roomApproval';

/** Stored with the executions of the webhook trigger, so its keys must stay as they are. A cancellation has few of them. */
export interface RoomBooking {
	id?: string;
	roomId?: string;
	room?: string;
	/** The title of the event. */
	title?: string;
	/** Local times without a time zone, as received. */
	start?: string;
	end?: string;
	bookedBy?: { userId: string; name?: string };
	needsApproval?: boolean;
	/** The status of the booking before: `INIT`, `SUCCESS` or `APPROVALING`. */
	statusBefore?: string;
}

export const ROOM_BOOKING = 'meetingroom_book';

/** `appvaral` is DingTalk's spelling. Changes of a booking's time or people are no news of their own: the event is pushed too. */
const KINDS: Record<string, RoomKind> = {
	appvaral: 'roomApproval',
	approval: 'roomApproval',
	booksuccess: 'roomBooked',
	bookrefuse: 'roomRefused',
	bookcancel: 'roomCancelled',
};

export type ParsedRoomBooking =
	{ kind: RoomKind; eventId: string; booking: RoomBooking } | { kind?: undefined; reason: string };

/** `primary;<eventId>` */
function readEventId(extension: unknown): string | undefined {
	const id = isObject(extension) ? readId(readFields(extension)('calendarEventId')) : undefined;
	return id?.slice(id.lastIndexOf(';') + 1);
}

function readPerson(read: ReadField): RoomBooking['bookedBy'] {
	const userId = readId(read('userId'));
	return userId === undefined ? undefined : { userId, name: readId(read('userName')) };
}

/** Never throws: for anything that is not such news, it returns the reason. */
export function parseRoomBooking(read: ReadField): ParsedRoomBooking {
	const subType = readId(read('eventSubType')) ?? '';
	const kind = Object.hasOwn(KINDS, subType.toLowerCase()) ? KINDS[subType.toLowerCase()] : undefined;
	if (subType === '') return { reason: t`it does not say what happened to the room booking` };
	if (kind === undefined) return { reason: t`it is an unknown kind of room booking: ${quote(subType)}` };
	return {
		kind,
		eventId: readEventId(read('extension')) ?? '',
		booking: {
			id: readId(read('bookId')),
			roomId: readId(read('roomId')),
			room: readId(read('roomName')),
			title: readId(read('title')),
			start: readId(read('startTime')),
			end: readId(read('endTime')),
			bookedBy: readPerson(read),
			needsApproval: asBoolean(read('isApproval')),
			statusBefore: readId(read('preStatus')),
		},
	};
}
