/** What tests about events look at: what went out, what DingTalk then remembers, and events that were there before. */
import type { IDataObject } from 'n8n-workflow';

import type { Person } from '../../simulator/company';
import { addPeople, addEvent } from '../../simulator/fixtures';
import type { RecordedCall } from '../harness';
import type { Desk } from './setup';

/** A request to DingTalk, without what every request has. */
export interface Request {
	method: string;
	path: string;
	query: unknown;
	body: unknown;
	/** Whether it named itself, so that DingTalk carries it out once. */
	once: boolean;
}

const ONCE = /^[0-9a-f]{32}$/;

export const clientToken = ({ headers }: RecordedCall): string | undefined =>
	(headers as Record<string, string>)['x-client-token'];

/** Everything the nodes sent, tokens apart, in the order of arrival. */
export async function callsOf(desk: Desk): Promise<RecordedCall[]> {
	return (await desk.recorder.calls()).filter(({ path }) => !path.startsWith('/v1.0/oauth2/'));
}

export async function requestsOf(desk: Desk): Promise<Request[]> {
	return (await callsOf(desk)).map((call) => ({
		method: call.method,
		path: call.path,
		query: call.query,
		body: call.body,
		once: ONCE.test(clientToken(call) ?? ''),
	}));
}

export const calendarPath = ({ unionId }: Person): string => `/v1.0/calendar/users/${unionId}/calendars/primary`;

export const eventPath = (person: Person, eventId: string): string =>
	`${calendarPath(person)}/events/${encodeURIComponent(eventId)}`;

export const reading = (path: string, query: IDataObject = {}): Request => ({
	method: 'GET',
	path,
	query,
	body: null,
	once: false,
});

export const writing = (method: string, path: string, body: unknown, query: IDataObject = {}): Request => ({
	method,
	path,
	query,
	body,
	once: true,
});

export const lookingUp = (what: 'get' | 'getbymobile', body: IDataObject): Request => ({
	method: 'POST',
	path: `/topapi/v2/user/${what}`,
	query: { access_token: '[redacted]' },
	// With it DingTalk finds people whose accounts belong to the organization.
	body: what === 'getbymobile' ? { ...body, support_exclusive_account_search: true } : body,
	once: false,
});

/** What the simulator remembers of an event. */
export interface Remembered extends Record<string, unknown> {
	id: string;
	organizer: string;
	summary: string;
	attendees: Array<{ unionId: string; isOptional: boolean; responseStatus: string }>;
	exceptions: Array<Record<string, unknown>>;
}

export async function remembered(desk: Desk): Promise<Remembered[]> {
	const state = await (await fetch(`${desk.simulator.url}/_simulator/state`)).json();
	return (state as { events: Remembered[] }).events;
}

export async function rememberedEvent(desk: Desk, id: string): Promise<Remembered> {
	const found = (await remembered(desk)).find((event) => event.id === id);
	if (!found) throw new Error(`The simulator has no event ${id}`);
	return found;
}

/** Who is on the event, the organizer apart. */
export const guestsOf = ({ attendees, organizer }: Remembered): string[] =>
	attendees.map(({ unionId }) => unionId).filter((unionId) => unionId !== organizer);

/** Start and end of an hour in March 2026, Shanghai time: `hour(3, 10)` is the 3rd at ten. */
export const hour = (day: number, from: number): IDataObject => {
	const at = (clock: number) => ({
		dateTime: `2026-03-${String(day).padStart(2, '0')}T${String(clock).padStart(2, '0')}:00:00+08:00`,
		timeZone: 'Asia/Shanghai',
	});
	return { start: at(from), end: at(from + 1) };
};

/** Puts an event into the simulator without a call. */
export const plant = (desk: Desk, organizer: Person, event: IDataObject = {}): string =>
	addEvent(desk.simulator.world, organizer.unionId, { summary: 'Planted', ...hour(3, 10), ...event });

export const hire = (desk: Desk, count: number): Person[] => addPeople(desk.simulator.world, count);

export const person = ({ name, unionId }: Person): string => `${name} <${unionId}>`;
