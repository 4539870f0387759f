/** 'Book a Meeting' as tests ask for it: one hour with a room of the first two. */
import type { INodeParameters } from 'n8n-workflow';

import type { Desk } from './setup';
import { roomsOf } from './state';

export const booking = (desk: Desk, summary: string, more: INodeParameters): INodeParameters => ({
	resource: 'event',
	operation: 'book',
	user: desk.people[0].unionId,
	summary,
	start: '2026-03-03T10:00',
	end: '2026-03-03T11:00',
	roomChoice: 'list',
	rooms: [0, 1].map((position) => roomsOf(desk)[position].roomId).join(),
	...more,
});
