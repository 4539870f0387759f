import type { Resource } from '../../../../lib/n8n/Operation';
import { book } from './book';
import { cancel } from './cancel';
import { getAll } from './getAll';
import { getFreeBusy } from './getFreeBusy';
import { respond } from './respond';

export const meetingRoom: Resource = {
	value: 'meetingRoom',
	name: 'Meeting Room',
	description: 'Rooms: which there are, when they are free, and booking them',
	operations: [book, cancel, getFreeBusy, getAll, respond],
	defaultOperation: getAll.value,
};
