/** The HTTP side of the histories' DingTalk: tokens, tickets, calendars, single events and failed pushes. */
import type { EventRecord, Organization } from './company';
import type { Time } from './time';

export interface HttpRequest {
	method?: string;
	url: string;
	qs?: Record<string, unknown>;
	body?: unknown;
	headers?: Record<string, unknown>;
}

export interface HttpResponse {
	statusCode: number;
	headers: Record<string, string>;
	body: unknown;
}

export const HOST = 'https://api.dingtalk.io';

const answer = (statusCode: number, body: unknown): HttpResponse => ({ statusCode, headers: {}, body });
const refuse = (status: number, code: string, message = code): HttpResponse =>
	answer(status, { code, message, requestid: 'r' });

/** One reading of a calendar, which a poll may report. */
export interface Reading {
	corpId: string;
	person: string;
	/** The call started over because the token was too old, or there was none. */
	isBaseline: boolean;
}

export class Api {
	/** What the next readings of a person's calendar get instead of an answer. */
	readonly failing = new Map<string, HttpResponse>();
	readings: Reading[] = [];
	metered = 0;
	/** Whether what is removed is listed with everything that was known of it. */
	listsRemovedInFull = true;
	/** Whether a list of all events has deleted ones if `showDeleted` asks for them. */
	listsDeleted = true;
	openStream: (organization: Organization, request: HttpRequest) => HttpResponse = () => refuse(404, 'notFound');
	/** How long answers take at most; without it, none takes any time. */
	latency?: { mostMs: number; time: Time };
	private answers = 0;
	listFailed: (organization: Organization, from: number, to: number) => unknown = () => ({ failedList: [] });

	constructor(private readonly organizations: readonly Organization[]) {}

	/** The answer shows what was so when the request arrived, and answers may overtake each other. */
	async send(request: HttpRequest): Promise<HttpResponse> {
		await Promise.resolve();
		const response = this.handle(request);
		const { mostMs = 0, time } = this.latency ?? {};
		if (time && mostMs > 0) {
			const ms = (mostMs * ((this.answers++ * 7) % 10)) / 10;
			await new Promise<void>((resolve) => time.at(ms, resolve));
		}
		return response;
	}

	private handle(request: HttpRequest): HttpResponse {
		const url = new URL(request.url);
		const path = url.pathname;
		const query = new Map(
			[...url.searchParams, ...Object.entries(request.qs ?? {})].map(([name, value]) => [name, String(value)]),
		);
		if (path === '/v1.0/oauth2/accessToken') return this.token(request.body as Record<string, string>);
		if (path === '/v1.0/gateway/connections/open') return this.ticket(request);
		const [, corpId] = /^\/v1\.0\/oauth2\/([^/]+)\/token$/.exec(path) ?? [];
		if (corpId !== undefined) return this.corpToken(corpId, request.body as Record<string, string>);
		const token = String(request.headers?.['x-acs-dingtalk-access-token'] ?? '');
		const organization = this.organizations.find((one) => token === tokenOf(one));
		if (!organization) return refuse(400, 'InvalidAuthentication', '不合法的access_token');
		this.metered++;
		if (path === '/v1.0/event/callbacks/failedResults') {
			return answer(200, this.listFailed(organization, Number(query.get('beginTime')), Number(query.get('endTime'))));
		}
		const [, person, rest] = /^\/v1\.0\/calendar\/users\/([^/]+)\/calendars\/primary\/(.*)$/.exec(path) ?? [];
		if (person === undefined) return refuse(404, 'notFound');
		const failure = this.failing.get(person);
		if (failure) return failure;
		if (!organization.people.includes(person) || organization.gone.has(person))
			return refuse(400, 'invalidParameter', 'userId is invalid');
		if (rest === 'events') return this.listEvents(organization, person, query);
		if (rest === 'eventsview') return this.listOccurrences(organization, person, query);
		return this.getEvent(organization, person, decodeURIComponent(rest.replace('events/', '')));
	}

	private token({ appKey, appSecret }: Record<string, string>): HttpResponse {
		const organization = this.organizations.find(({ clientId }) => clientId === appKey);
		if (!organization || organization.secret !== appSecret)
			return refuse(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret');
		return answer(200, { accessToken: tokenOf(organization), expireIn: 7200 });
	}

	private corpToken(corpId: string, { client_id: id, client_secret: secret }: Record<string, string>): HttpResponse {
		const organization = this.organizations.find((one) => one.corpId === corpId && one.clientId === id);
		if (!organization || organization.secret !== secret) return refuse(400, 'invalidClientIdOrSecret');
		return answer(200, { access_token: tokenOf(organization), expires_in: 7200 });
	}

	private ticket(request: HttpRequest): HttpResponse {
		const { clientId, clientSecret } = request.body as { clientId: string; clientSecret: string };
		const organization = this.organizations.find((one) => one.clientId === clientId);
		if (!organization || organization.secret !== clientSecret) return refuse(401, 'authFailed', '鉴权失败');
		return this.openStream(organization, request);
	}

	private listEvents(organization: Organization, person: string, query: Map<string, string>): HttpResponse {
		const [generation, since] = (query.get('syncToken') ?? '').split(':');
		const isDelta = query.has('syncToken');
		if (isDelta && Number(generation) !== organization.syncGeneration) return refuse(400, 'invalidParameter.syncToken');
		const isDeletedOf = (event: EventRecord): boolean =>
			this.listsDeleted && query.get('showDeleted') === 'true' && organization.isInvited(event, person);
		const events = isDelta
			? organization.events.filter((event) => event.position > Number(since) && event.everSeenBy.has(person))
			: organization.events.filter((event) => organization.sees(event, person) || isDeletedOf(event));
		this.readings.push({ corpId: organization.corpId, person, isBaseline: !isDelta });
		return answer(200, {
			events: events.map((event) => this.listed(organization, event, person)),
			syncToken: `${organization.syncGeneration}:${organization.position}`,
		});
	}

	private listed(organization: Organization, event: EventRecord, person: string): Record<string, unknown> {
		if (organization.sees(event, person)) return organization.body(event);
		const removed = { ...organization.body(event), status: 'cancelled' };
		const { id, status, updateTime } = removed as Record<string, unknown>;
		return this.listsRemovedInFull ? removed : { id, status, updateTime };
	}

	private listOccurrences(organization: Organization, person: string, query: Map<string, string>): HttpResponse {
		const from = Date.parse(query.get('timeMin') ?? '');
		const to = Date.parse(query.get('timeMax') ?? '');
		const events = organization.events.filter(
			(event) => organization.sees(event, person) && event.startsAt < to && event.startsAt + 3_600_000 > from,
		);
		return answer(200, { events: events.map((event) => organization.body(event)) });
	}

	private getEvent(organization: Organization, person: string, id: string): HttpResponse {
		const event = organization.events.find((one) => one.id === id);
		if (!event || !organization.sees(event, person)) return refuse(404, 'instanceNotExist', 'instance not exist');
		return answer(200, organization.body(event));
	}
}

const tokenOf = ({ corpId, tokenGeneration, secret }: Organization): string =>
	`token-${corpId}-${tokenGeneration}-${secret}`;
