/** What the simulator remembers apart from events, credentials of other kinds, and requests that do not name themselves. */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { book } from '../../simulator/booking/bookRoom';
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import type { CheckInEntry } from '../../simulator/checkIn/checkInStore';
import type { Person, Room } from '../../simulator/company';
import type { Acl } from '../../simulator/sharing/aclStore';
import type { CredentialReference } from '../harness';
import { writing, type Remembered, type Request } from './events';
import type { Desk } from './setup';

interface Subscribed {
	calendarId: string;
	name: string;
	author: string;
	subscribers: string[];
}

interface Booking {
	roomId: string;
	eventId: string;
	responseStatus: string;
}

export interface State {
	events: Remembered[];
	acls: Acl[];
	subscribedCalendars: Subscribed[];
	checkIns: CheckInEntry[];
	roomBookings: Booking[];
}

export async function stateOf(desk: Desk): Promise<State> {
	return (await (await fetch(`${desk.simulator.url}/_simulator/state`)).json()) as State;
}

/** Calls that DingTalk counts against the monthly quota. */
export async function meteredBy(desk: Desk): Promise<number> {
	return (await desk.recorder.summary()).metered;
}

/** A question that DingTalk wants as a POST, or a write that its own client does not name. */
export const sending = (method: string, path: string, body: unknown): Request => ({
	...writing(method, path, body),
	once: false,
});

export const userPath = ({ unionId }: Person): string => `/v1.0/calendar/users/${unionId}`;

/** The credential of another app of the same company. */
export const credentialOf = (desk: Desk, data: ICredentialDataDecryptedObject): CredentialReference =>
	desk.engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: { region: 'custom', baseUrl: desk.simulator.url, clientSecret: 'sim-secret', ...data },
	});

/** The credential of a signed-in user. */
export const signedIn = (desk: Desk, { userId }: Person): CredentialReference =>
	credentialOf(desk, { appType: 'user', clientId: 'sim-personal', refreshToken: `sim-refresh-${userId}` });

/** The seeded rooms, in their order. */
export const roomsOf = (desk: Desk): Room[] => desk.simulator.world.company.rooms;

/** More rooms than the seeded company has. */
export function build(desk: Desk, count: number): Room[] {
	const rooms = roomsOf(desk);
	const built = Array.from({ length: count }, (_, i): Room => {
		const number = String(i).padStart(4, '0');
		return { ...rooms[0], roomId: `feed0000000000000000000000${number}`, roomName: `Cell ${number}` };
	});
	rooms.push(...built);
	return built;
}

/** Books a room without a call. */
export function reserve(desk: Desk, eventId: string, roomIds: string[]): void {
	const { world } = desk.simulator;
	const view = world.use(CalendarStore).byId(eventId);
	if (!view) throw new Error(`The simulator has no event ${eventId}`);
	book(view, roomIds, view.event.organizer, world);
}
