/** DingTalk's official client, set to use a simulator instead of api.dingtalk.com. */
import Calendar from '@alicloud/dingtalk/dist/calendar_1_0/client';
import Contact from '@alicloud/dingtalk/dist/contact_1_0/client';
import OAuth from '@alicloud/dingtalk/dist/oauth2_1_0/client';
import Rooms from '@alicloud/dingtalk/dist/rooms_1_0/client';
import { Config, OpenApiRequest, Params } from '@alicloud/openapi-client';
import { RuntimeOptions } from '@alicloud/tea-util';

/** The client gives up after three seconds; how busy the machine is must not matter. */
const PATIENT = { readTimeout: 300_000, connectTimeout: 300_000 };

/** DingTalk's own client, set to use a simulator instead of api.dingtalk.com. */
export const config = (url: string): Config =>
	new Config({ protocol: 'http', endpoint: new URL(url).host, regionId: 'central', ...PATIENT });

export const runtime = new RuntimeOptions({});

type Executed = Record<string, unknown>;

/**
 * The official calendar client, which also keeps the responses themselves: its typed answers silently leave out what it
 * does not know, and that is just what these tests want to see.
 */
export class WitnessedCalendar extends Calendar {
	private readonly bodies = new WeakMap<object, unknown>();

	override async execute(params: Params, request: OpenApiRequest, options: RuntimeOptions): Promise<Executed> {
		const answer: Executed = await super.execute(params, request, options);
		if (typeof answer.headers === 'object' && answer.headers !== null) this.bodies.set(answer.headers, answer.body);
		return answer;
	}

	/** The body as it came, for the typed answer made from it: both hold the same headers object. */
	wireBody(answer: { headers?: object }): unknown {
		return answer.headers && this.bodies.get(answer.headers);
	}
}

export interface Sdk {
	calendar: WitnessedCalendar;
	oauth: OAuth;
	contact: Contact;
	rooms: Rooms;
}

export const sdkFor = (url: string): Sdk => ({
	calendar: new WitnessedCalendar(config(url)),
	oauth: new OAuth(config(url)),
	contact: new Contact(config(url)),
	rooms: new Rooms(config(url)),
});

export interface RawCall {
	method: string;
	path: string;
	token?: string;
	query?: Record<string, string>;
	body?: Record<string, unknown>;
}

/** The client's engine without its typed calls, for requests those cannot make. */
export async function rawCall(sdk: Sdk, { method, path, token, query = {}, body }: RawCall): Promise<Executed> {
	const params = new Params({
		action: 'Raw',
		version: 'calendar_1.0',
		protocol: 'HTTP',
		pathname: path,
		method,
		authType: 'AK',
		style: 'ROA',
		reqBodyType: 'none',
		bodyType: 'string',
	});
	const headers: Record<string, string> = token === undefined ? {} : { 'x-acs-dingtalk-access-token': token };
	return await sdk.calendar.execute(params, new OpenApiRequest({ headers, query, body }), runtime);
}
