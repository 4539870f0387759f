/** The Meeting Room resource: listing, checking and booking rooms. */
import type { Resource } from '../../../../lib/n8n/Operation';
import { book } from './book';
import { cancel } from './cancel';
import { getAll } from './getAll';
import { getFreeBusy } from './getFreeBusy';
import { respond } from './respond';

export const meetingRoom: Resource = {
	value: 'meetingRoom',
	name: 'Meeting Room',
	description: 'Meeting rooms, their availability and their bookings',
	operations: [book, cancel, getFreeBusy, getAll, respond],
	defaultOperation: getAll.value,
};
