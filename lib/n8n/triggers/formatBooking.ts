/** Formats a room booking for the output of the push triggers. */
import type { IDataObject } from 'n8n-workflow';
import type { RoomBooking } from '../../dingtalk/push/parseRoomBooking';
import { formatPerson } from '../fields/people';

/** The person is in a form that every field for people accepts. */
export function formatBooking({ bookedBy, ...booking }: RoomBooking): IDataObject {
	const person = bookedBy && formatPerson({ id: bookedBy.userId, displayName: bookedBy.name });
	return Object.fromEntries(
		Object.entries({ ...booking, bookedBy: person }).filter(([, value]) => value !== undefined),
	) as IDataObject;
}
