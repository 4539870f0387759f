/**
 * What anybody would write with DingTalk's official client: create, read, change, answer and delete an event.
 *
 *     npm run simulator -- --port 4010
 *     npx tsx test/conformance/plain-script.ts http://127.0.0.1:4010
 */
import Calendar, * as calendar from '@alicloud/dingtalk/dist/calendar_1_0/client';
import Contact, * as contact from '@alicloud/dingtalk/dist/contact_1_0/client';
import OAuth, * as oauth from '@alicloud/dingtalk/dist/oauth2_1_0/client';
import { Config } from '@alicloud/openapi-client';
import { RuntimeOptions } from '@alicloud/tea-util';

const clientId = 'sim-internal';
const clientSecret = 'sim-secret';
const runtime = new RuntimeOptions({});

function must<T>(value: T | undefined, what: string): T {
	if (value === undefined) throw new Error(`The answer has no ${what}.`);
	return value;
}

async function main(address: string): Promise<void> {
	const { protocol, host } = new URL(address);
	// The client gives up after three seconds, which a busy machine may need to start the simulator.
	const patient = { readTimeout: 300_000, connectTimeout: 300_000 };
	const config = new Config({ protocol: protocol.replace(':', ''), endpoint: host, regionId: 'central', ...patient });
	const [tokens, people, events] = [new OAuth(config), new Contact(config), new Calendar(config)];

	/** Events belong to people, and people are called by unionId; a person's own token returns it. */
	async function unionIdOf(code: string): Promise<string> {
		const request = new oauth.GetUserTokenRequest({ clientId, clientSecret, code, grantType: 'authorization_code' });
		const xAcsDingtalkAccessToken = (await tokens.getUserToken(request)).body?.accessToken;
		const headers = new contact.GetUserHeaders({ xAcsDingtalkAccessToken });
		return must((await people.getUserWithOptions('me', headers, runtime)).body?.unionId, 'unionId');
	}

	const organizer = await unionIdOf('sim-code-manager4220');
	const guest = await unionIdOf('sim-code-manager7153');
	const login = new oauth.GetAccessTokenRequest({ appKey: clientId, appSecret: clientSecret });
	const xAcsDingtalkAccessToken = must((await tokens.getAccessToken(login)).body?.accessToken, 'accessToken');
	const headers = { xAcsDingtalkAccessToken };

	const event = new calendar.CreateEventRequest({
		summary: 'Made by the official client',
		start: { dateTime: '2030-01-07T10:00:00+08:00', timeZone: 'Asia/Shanghai' },
		end: { dateTime: '2030-01-07T11:00:00+08:00', timeZone: 'Asia/Shanghai' },
		attendees: [{ id: guest }],
	});
	const created = await events.createEventWithOptions(
		organizer,
		'primary',
		event,
		new calendar.CreateEventHeaders(headers),
		runtime,
	);
	const id = must(created.body?.id, 'id');
	console.log(`created   ${id}`);

	const where = [organizer, 'primary', id] as const;
	const get = async (): Promise<calendar.GetEventResponseBody> => {
		const request = new calendar.GetEventRequest({});
		const { body } = await events.getEventWithOptions(
			...where,
			request,
			new calendar.GetEventHeaders(headers),
			runtime,
		);
		return must(body, 'event');
	};
	const { summary, status } = await get();
	console.log(`read      ${summary ?? ''}, ${status ?? ''}`);

	const change = new calendar.PatchEventRequest({ id, summary: 'Changed by the official client' });
	await events.patchEventWithOptions(...where, change, new calendar.PatchEventHeaders(headers), runtime);
	console.log(`changed   ${(await get()).summary ?? ''}`);

	const answer = new calendar.RespondEventRequest({ responseStatus: 'accepted' });
	await events.respondEventWithOptions(
		guest,
		'primary',
		id,
		answer,
		new calendar.RespondEventHeaders(headers),
		runtime,
	);
	const invited = (await get()).attendees?.find((attendee) => attendee.id === guest);
	console.log(`answered  ${invited?.displayName ?? ''}: ${invited?.responseStatus ?? ''}`);

	const request = new calendar.DeleteEventRequest({});
	await events.deleteEventWithOptions(...where, request, new calendar.DeleteEventHeaders(headers), runtime);
	await get().then(
		() => {
			throw new Error('The event is still there.');
		},
		(error: Error) => console.log(`deleted   ${error.message.split(':')[0]}`),
	);
}

main(process.argv[2] ?? 'http://127.0.0.1:4010').catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
