/** Calls the calendar routes of the simulator without HTTP. */
import { Clock } from '../../simulator/clock';
import { Company, type Person } from '../../simulator/company';
import { NO_BODY, ApiError, type Caller, type Route } from '../../simulator/contract';
import type { Fields } from '../../simulator/fields';
import { Router } from '../../simulator/gateway/router';
import { routes } from '../../simulator/routes';
import { defaultSwitches, type Switches } from '../../simulator/switches';
import { World } from '../../simulator/world';

export const calendarRoutes: Route[] = routes.filter(({ path }) => path.startsWith('/v1.0/calendar/'));
export const PRIMARY = (user: string): string => `/v1.0/calendar/users/${user}/calendars/primary`;

const router = new Router(calendarRoutes);

const person = (name: string, number: number): Person => ({
	unionId: `union-${name}`,
	userId: `user-${name}`,
	name,
	pinyin: name,
	mobile: `1380000${String(number).padStart(4, '0')}`,
	email: `${name}@example.com`,
	title: '',
	departmentIds: [1],
});

export const HOST = 'union-host';
export const GUEST = 'union-guest';
export const OTHER = 'union-other';

export interface Answered extends Fields {
	id: string;
	events: Answered[];
	attendees: Array<{ id: string; responseStatus: string; self: boolean; isOptional: boolean }>;
	nextToken?: string | null;
	syncToken?: string;
	status?: string;
	summary?: string;
	start: { date?: string; dateTime?: string; timeZone?: string };
	end: { date?: string; dateTime?: string; timeZone?: string };
	seriesMasterId?: string;
}

/** A small company and its calendar calls, asked without a server in between. */
export class CalendarTestbed {
	readonly clock = new Clock();
	readonly world: World;

	constructor(switches: Partial<Switches> = {}, crowd = 0) {
		const names = ['host', 'guest', 'other', ...Array.from({ length: crowd }, (_, i) => `p${i}`)];
		const company = new Company('corp', names.map(person), [], [], []);
		this.clock.set(Date.parse('2026-03-02T08:00:00+08:00'));
		this.world = new World(this.clock, { ...defaultSwitches(), ...switches }, company);
	}

	/** The answer's body; a Refusal is thrown on. */
	ask(method: string, pathAndQuery: string, body?: unknown, unionId?: string): Answered {
		const url = new URL(pathAndQuery, 'http://desk');
		const lookup = router.lookup(method, url.pathname);
		if (!('found' in lookup)) throw new Error(`no call ${method} ${url.pathname}`);
		const caller: Caller = { clientId: 'app', appType: 'internal', unionId };
		const { route, params } = lookup.found;
		const query = Object.fromEntries(url.searchParams);
		const answer = route.handle({ method, params, query, headers: {}, body, caller }, this.world);
		return (answer === NO_BODY ? undefined : JSON.parse(JSON.stringify(answer))) as Answered;
	}

	/** The refusal a call gets. */
	refusal(method: string, pathAndQuery: string, body?: unknown, unionId?: string): Fields {
		try {
			this.ask(method, pathAndQuery, body, unionId);
		} catch (error) {
			if (error instanceof ApiError) return { status: error.status, code: error.code, message: error.message };
			throw error;
		}
		throw new Error(`${method} ${pathAndQuery} was not refused`);
	}

	create(body: Fields = {}, user = HOST): Answered {
		return this.ask('POST', `${PRIMARY(user)}/events`, event(body));
	}

	get(id: string, user = HOST): Answered {
		return this.ask('GET', eventPath(id, user));
	}

	patch(id: string, body: Fields, user = HOST): Answered {
		return this.ask('PUT', eventPath(id, user), { id, ...body });
	}

	view(timeMin: string, timeMax: string, user = HOST): Answered[] {
		return this.ask('GET', `${PRIMARY(user)}/eventsview?${query({ timeMin, timeMax })}`).events;
	}

	list(filters: Record<string, string> = {}, user = HOST): Answered {
		return this.ask('GET', `${PRIMARY(user)}/events?${query(filters)}`);
	}
}

export const query = (values: Record<string, string>): string => new URLSearchParams(values).toString();

export const eventPath = (id: string, user = HOST): string => `${PRIMARY(user)}/events/${encodeURIComponent(id)}`;

export const at = (dateTime: string, timeZone = 'Asia/Shanghai'): { dateTime: string; timeZone: string } => ({
	dateTime,
	timeZone,
});

export const event = (body: Fields): Fields => ({
	summary: 'Meeting',
	start: at('2026-03-02T10:00:00+08:00'),
	end: at('2026-03-02T11:00:00+08:00'),
	...body,
});

export const daily = (range: Fields = { type: 'noEnd' }, interval = 1): Fields => ({
	pattern: { type: 'daily', interval },
	range,
});
