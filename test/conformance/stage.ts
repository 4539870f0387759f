/** A simulator for the tests of one file, with the people and tokens they need. */
import * as oauth from '@alicloud/dingtalk/dist/oauth2_1_0/client';
import axios from 'axios';

import { startSimulator, type Simulator } from '../simulator';
import { CalendarStore } from '../simulator/calendar/calendarStore';
import type { Person, Room } from '../simulator/company';
import type { LoggedCall } from '../simulator/gateway/callLog';
import type { Switches } from '../simulator/switches';
import { PushRecords } from '../simulator/push/record';
import { StreamHub } from '../simulator/push/stream/hub';
import { sdkFor, type Sdk } from './sdk';
import { until } from './until';
import { CalendarUser } from './user';

/** A Monday on which every test begins, so that no expectation depends on the day it is run. */
export const TODAY = '2026-03-02T09:00:00+08:00';

export const SECRET = 'sim-secret';

export interface ShownConnection {
	connectionId: string;
	clientId: string;
	leaving: boolean;
	pings: number;
	pongs: number;
}

export interface ShownPush {
	pushId: number;
	clientId: string;
	via: string;
	state: string;
	eventId: string;
	attempts: Array<{ outcome: string }>;
}

/** A simulator of one's own, the official client pointed at it, and the controls. */
export class Stage {
	sdk!: Sdk;
	private simulator!: Simulator;
	private tokens = new Map<string, string>();

	async open(): Promise<void> {
		this.simulator = await startSimulator({ callbackPorts: 'any' });
		this.sdk = sdkFor(this.simulator.url);
	}

	/** Back to the seed. Only the tests about a limit want to meet it: on a slow machine others would. */
	async reset(): Promise<void> {
		this.simulator.reset();
		this.tokens = new Map();
		await this.control('clock', { now: TODAY });
		await this.control('limits', { qps: null, streamAckMs: null, streamPingMs: null, httpAnswerMs: null });
	}

	close(): Promise<void> {
		return this.simulator.close();
	}

	get url(): string {
		return this.simulator.url;
	}

	get world(): Simulator['world'] {
		return this.simulator.world;
	}

	get corpId(): string {
		return this.world.company.corpId;
	}

	person(index: number): Person {
		return this.world.company.people[index];
	}

	/** More people than the seed has, for limits no company of sixty can reach. */
	hire(count: number): void {
		const { people } = this.world.company;
		const [like] = people;
		for (let i = 0; i < count; i++)
			people.push({ ...like, unionId: `hired${i}`, userId: `hired${i}`, mobile: `h${i}` });
	}

	/** Invitations for people hired. */
	crowd(count: number, from = 0): Array<{ id: string }> {
		return Array.from({ length: count }, (_, i) => ({ id: `hired${from + i}` }));
	}

	async control(name: string, body: object): Promise<void> {
		await axios.post(`${this.url}/_simulator/${name}`, body);
	}

	async clearFaults(): Promise<void> {
		await axios.delete(`${this.url}/_simulator/faults`);
	}

	advance(ms: number): Promise<void> {
		return this.control('clock', { advanceMs: ms });
	}

	set(switches: Partial<Switches>): Promise<void> {
		return this.control('switches', switches);
	}

	async calls(): Promise<LoggedCall[]> {
		const { data } = await axios.get<{ calls: LoggedCall[] }>(`${this.url}/_simulator/calls`);
		return data.calls;
	}

	async state(): Promise<{ events: Array<{ id: string; legacyId: string; summary: string }> }> {
		const { data } = await axios.get<{ events: Array<{ id: string; legacyId: string; summary: string }> }>(
			`${this.url}/_simulator/state`,
		);
		return data;
	}

	/** Waits until no push is on its way: those there were have been accepted, or wait for another try. */
	settled(): Promise<void> {
		return until('no push is on its way', () => this.world.use(PushRecords).all.every(({ state }) => state !== 'sent'));
	}

	/** Waits until this many Stream connections are open. */
	connected(count: number): Promise<void> {
		return until(`${count} Stream connections are open`, () => this.world.use(StreamHub).select({}).length === count);
	}

	async connections(): Promise<ShownConnection[]> {
		const { data } = await axios.get<{ connections: ShownConnection[] }>(`${this.url}/_simulator/connections`);
		return data.connections;
	}

	async pushes(): Promise<ShownPush[]> {
		const { data } = await axios.get<{ pushes: ShownPush[] }>(`${this.url}/_simulator/push`);
		return data.pushes;
	}

	/** Messages counted against the quota of pushes. */
	async pushCount(): Promise<number> {
		const { data } = await axios.get<{ pushes: number }>(`${this.url}/_simulator/calls`);
		return data.pushes;
	}

	/** A new token from the call that serves internal apps and those of vendors alike. */
	async appToken(clientId = 'sim-internal'): Promise<string> {
		const request = new oauth.GetTokenRequest({ clientId, clientSecret: SECRET, grantType: 'client_credentials' });
		return (await this.sdk.oauth.getToken(this.corpId, request)).body?.accessToken ?? '';
	}

	calendarOf(unionId: string, token: string): CalendarUser {
		return new CalendarUser(this.sdk.calendar, unionId, token);
	}

	/** Puts an event into a room; the calls for that are another part of the calendar. */
	book(eventId: string, { roomId, roomName }: Room): void {
		const store = this.world.use(CalendarStore);
		const view = store.byId(eventId);
		if (view === undefined) throw new Error(`There is no event ${eventId}.`);
		store.bookRooms(view, [{ roomId, displayName: roomName, responseStatus: 'accepted' }], view.event.organizer);
	}

	/** Somebody's calendar, used by an app; one token of each app serves the whole test. */
	async user(index = 0, clientId = 'sim-internal'): Promise<CalendarUser> {
		const token = this.tokens.get(clientId) ?? (await this.appToken(clientId));
		this.tokens.set(clientId, token);
		return this.calendarOf(this.person(index).unionId, token);
	}

	/** Somebody's calendar, used with a token of that person's own. */
	async self(index = 0, clientId = 'sim-internal'): Promise<CalendarUser> {
		const { unionId, userId } = this.person(index);
		const request = new oauth.GetUserTokenRequest({
			clientId,
			clientSecret: SECRET,
			code: `sim-code-${userId}`,
			grantType: 'authorization_code',
		});
		const { body } = await this.sdk.oauth.getUserToken(request);
		return this.calendarOf(unionId, body?.accessToken ?? '');
	}
}

/** Sets the stage for the tests of a file. */
export function useStage(): Stage {
	const stage = new Stage();
	beforeAll(() => stage.open());
	beforeEach(() => stage.reset());
	afterAll(() => stage.close());
	return stage;
}
