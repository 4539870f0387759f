/** The calendar of one test user, as the questions use it. Everything that is created is deleted in the end. */
import { randomUUID } from 'node:crypto';

import type { ProbeApi, Reply, RequestOptions } from './api';

export interface ProbeEvent {
	id?: string;
	summary?: string;
	status?: string;
	start?: Record<string, unknown>;
	recurrence?: unknown;
	reminders?: Array<{ minutes?: string | number }>;
	attendees?: Array<{ id?: string; self?: boolean; responseStatus?: string }>;
	seriesMasterId?: string;
	description?: unknown;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** Far enough away to bother no one, near enough for any window. */
const DAYS_AHEAD = 60;

export const eventIn = (reply: Reply): ProbeEvent => (reply.body ?? {}) as ProbeEvent;

export class ProbeCalendar {
	/** The events that may still be there. */
	private readonly created = new Set<string>();
	private offset = 0;
	/** The first hour of the first event. */
	private readonly base: number;

	constructor(
		readonly api: ProbeApi,
		/** Union ID of the organizer. */
		readonly user: string,
		/** Union ID of a second person, if there is one. */
		readonly guest?: string,
		now = Date.now(),
	) {
		this.base = Math.floor(now / DAY_MS) * DAY_MS + DAYS_AHEAD * DAY_MS + 2 * HOUR_MS;
	}

	path(suffix = '', user = this.user): string {
		return `/v1.0/calendar/users/${encodeURIComponent(user)}/calendars/primary${suffix}`;
	}

	eventPath(id: string, suffix = '', user = this.user): string {
		return this.path(`/events/${encodeURIComponent(id)}${suffix}`, user);
	}

	/** An hour that no other event of the probe has. */
	hour(): { from: Date; to: Date } {
		const from = this.base + this.offset++ * 2 * HOUR_MS;
		return { from: new Date(from), to: new Date(from + HOUR_MS) };
	}

	times({ from, to }: { from: Date; to: Date } = this.hour()): object {
		const side = (at: Date): object => ({ dateTime: this.api.time(at), timeZone: 'UTC' });
		return { start: side(from), end: side(to) };
	}

	async create(fields: object = {}, options: RequestOptions = {}): Promise<Reply> {
		const body = { summary: `n8n probe ${randomUUID()}`, ...this.times(), extra: QUIET, ...fields };
		const reply = await this.api.call('POST', this.path('/events'), { ...options, body });
		const { id } = eventIn(reply);
		if (reply.status === 200 && id) this.created.add(id);
		return reply;
	}

	/** The ID of a new event; without one, the question cannot be answered. */
	async createId(fields: object = {}, options: RequestOptions = {}): Promise<string> {
		const reply = await this.create(fields, options);
		const { id } = eventIn(reply);
		if (!id) throw new Error(`no event was created: HTTP ${reply.status} ${reply.code}`);
		return id;
	}

	async get(id: string): Promise<Reply> {
		return await this.api.call('GET', this.eventPath(id));
	}

	async update(id: string, fields: object, user = this.user): Promise<Reply> {
		return await this.api.call('PUT', this.eventPath(id, '', user), { body: { id, extra: QUIET, ...fields } });
	}

	async delete(id: string): Promise<Reply> {
		const reply = await this.api.call('DELETE', this.eventPath(id), { query: { pushNotification: false } });
		// An event that is not found is gone: some questions delete it themselves.
		if (reply.status === 200 || reply.status === 404) this.created.delete(id);
		return reply;
	}

	/** Events that the clean-up still has to delete. */
	get left(): number {
		return this.created.size;
	}

	/** Deletes what is left. Returns how many events could not be deleted. */
	async cleanUp(): Promise<number> {
		for (const id of [...this.created]) await this.delete(id).catch(() => undefined);
		return this.created.size;
	}
}

const QUIET = { noPushNotification: 'true', noChatNotification: 'true' };
