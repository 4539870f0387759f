/** Tests on the n8n engine that no secret of the credential becomes visible, even if a gateway quotes what it was sent. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { streamWorkflow } from './support/triggers';
import { triggeredWorkflow } from './support/webhook';
import { Engine, errorOf, storedTextOf, type CredentialReference } from './harness';
import { pollingWorkflow } from './support/polling';
import { SkippedWaits } from './support/skippedWaits';

const SECRET = 'cs-8Yt/Zq+0="rest"';
const ACCESS_TOKEN = 'at-0123456789abcdef';
const REFRESH_TOKEN = 'rt-0123456789abcdef';
const NEW_REFRESH_TOKEN = 'rt-fedcba9876543210';
const CODE = 'ac-0123456789abcdef';

/** Every way in which the secrets could be read in what n8n stores and shows. */
const READABLE = [SECRET, ACCESS_TOKEN, REFRESH_TOKEN, NEW_REFRESH_TOKEN, CODE].flatMap((secret) => [
	secret,
	encodeURIComponent(secret),
	JSON.stringify(secret).slice(1, -1),
	Buffer.from(secret).toString('base64'),
]);

type Answer = (received: string, request: IncomingMessage) => { status: number; body: unknown };

let engine: Engine;
let waits: SkippedWaits;
let server: Server;
let onToken: Answer;
let onCall: Answer;
/** What arrived, to know that the gateway could quote it. */
let received: string[];

const isTokenCall = ({ url = '' }: IncomingMessage): boolean => url.includes('/oauth2/');

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const sent = [request.url, JSON.stringify(request.headers), await text(request)].join('\n');
	received.push(sent);
	const { status, body } = (isTokenCall(request) ? onToken : onCall)(sent, request);
	response.writeHead(status, { 'content-type': 'application/json', 'x-acs-request-id': `id ${ACCESS_TOKEN}` });
	response.end(JSON.stringify(body));
}

const issueToken: Answer = () => ({
	status: 200,
	body: { accessToken: ACCESS_TOKEN, refreshToken: NEW_REFRESH_TOKEN, expireIn: 7200 },
});
const refuse =
	(status: number, code: string): Answer =>
	(sent) => ({ status, body: { code: `${code}`, message: `Refused: ${sent}`, requestid: `id of ${SECRET}` } });

beforeAll(async () => {
	waits = new SkippedWaits();
	engine = await Engine.start();
	server = createServer((request, response) => void handle(request, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
	received = [];
	onToken = issueToken;
	onCall = refuse(400, 'invalidParameter');
});
afterAll(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
	await engine.stop();
	waits.end();
});

const ofVendor: ICredentialDataDecryptedObject = { appType: 'thirdParty', corpId: 'corp-1' };

let apps = 0;
/** Another app each time: tokens and refusals are remembered. */
const credential = (more: ICredentialDataDecryptedObject = {}): CredentialReference =>
	engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: {
			region: 'custom',
			baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
			clientId: `app-${++apps}`,
			clientSecret: SECRET,
			...more,
		},
	});
const ofUser: ICredentialDataDecryptedObject = { appType: 'user', refreshToken: REFRESH_TOKEN };
const signingIn: ICredentialDataDecryptedObject = { appType: 'user', authorizationCode: CODE };
const withAddress = { ...signingIn, authorizationCode: `https://n8n.example.com/?authCode=${CODE}&state=x` };

const read: INodeParameters = {
	resource: 'event',
	operation: 'get',
	user: 'iPkYRT2JqFaiE4fXkiiEiE',
	eventId: 'event-1',
};

async function shown(reference: CredentialReference, parameters = read): Promise<string> {
	const run = await engine.runNode({ parameters, credential: reference });
	expect(errorOf(run)).toBeDefined();
	return storedTextOf(run);
}

function expectNoSecret(stored: string): void {
	expect(READABLE.filter((readable) => stored.includes(readable))).toEqual([]);
}

describe('A gateway that quotes what it was sent', () => {
	it.each([
		[400, 'invalidClientIdOrSecret'],
		[403, 'Forbidden.AccessDenied.IpNotInWhiteList'],
		[500, 'unknownError'],
		[200, 'odd'],
	])('shows no secret when it refuses the token request with %i %s', async (status, code) => {
		onToken = refuse(status, code);
		for (const more of [{}, ofUser, ofVendor, signingIn, withAddress]) {
			const stored = await shown(credential(more));
			expect(received.some((sent) => sent.includes(JSON.stringify(SECRET).slice(1, -1)))).toBe(true);
			expectNoSecret(stored);
		}
	});

	it.each([
		[400, 'invalidParameter'],
		[403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied'],
		[404, 'eventNotExist'],
		[500, 'ServiceUnavailable'],
	])('shows no token when it refuses a call with %i %s', async (status, code) => {
		onCall = refuse(status, code);
		for (const more of [ofUser, signingIn]) {
			const stored = await shown(credential(more));
			expect(received.some((sent) => sent.includes(ACCESS_TOKEN))).toBe(true);
			expectNoSecret(stored);
		}
	});

	it('shows no token in the output of a call that it answers', async () => {
		onCall = (sent) => ({ status: 200, body: { id: 'event-1', summary: sent, [SECRET]: SECRET, description: SECRET } });
		const run = await engine.runNode({ parameters: { ...read, output: 'raw' }, credential: credential(ofUser) });
		expect(errorOf(run)).toBeUndefined();
		expect(storedTextOf(run)).toContain('event-1');
		expectNoSecret(storedTextOf(run));
	});

	const REFUSALS: Array<[string, () => void]> = [
		['the token request', () => (onToken = refuse(400, 'invalidClientIdOrSecret'))],
		['the call', () => (onCall = refuse(400, 'invalidParameter'))],
		[
			'the call for lack of a permission',
			() => (onCall = refuse(403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied')),
		],
		['nothing', () => (onCall = (sent) => ({ status: 200, body: { events: sent, list: sent, id: sent } }))],
	];

	it.each(REFUSALS)('shows no secret in the triggers when it refuses %s', async (_, refuseAll) => {
		refuseAll();
		for (const more of [{}, ofVendor]) {
			const credentials = [credential(more)];
			const errors: Array<Error & { description?: string | null }> = [];
			const caught = async (work: Promise<unknown>): Promise<void> =>
				void (await work.catch((error: Error) => errors.push(error)));
			const poller = engine.poller(pollingWorkflow({ people: 'anna@example.com,4711', triggerOn: ['created'] }), {
				credentials,
			});
			await caught(poller.start());
			const stream = engine.server();
			await caught(stream.activate(streamWorkflow({ people: '4711' }, `echo-${apps}`), { credentials }));
			await stream.stop();
			const keys = engine.addCredential({
				type: 'dingTalkCalendarCallbackApi',
				data: { token: 'aToken123', aesSecretKey: 'a'.repeat(43), ownerKey: 'clientId', clientId: 'app', corpId: '' },
			});
			const webhook = triggeredWorkflow({ people: '4711', recoverMissed: 'activation' });
			const server = await engine
				.webhookServer(webhook, { credentials: [keys, ...credentials] })
				.catch((error: Error) => void errors.push(error));
			await server?.close();
			const shownErrors = [...errors, ...poller.errors].map(({ message, description }: (typeof errors)[number]) => [
				message,
				description,
			]);
			expect(shownErrors.length).toBeGreaterThan(1);
			expectNoSecret(JSON.stringify([shownErrors, poller.items, poller.logged, poller.stored]));
		}
	});

	it.each(REFUSALS)('shows no secret in the lists of the editor when it refuses %s', async (_, refuseAll) => {
		refuseAll();
		const shownTexts: string[] = [];
		for (const more of [{}, ofVendor, ofUser])
			for (const method of ['searchPeople', 'searchDepartments', 'searchEvents', 'searchRooms', 'searchCalendars']) {
				const open = { credential: credential(more), parameters: { user: read.user } };
				const list: unknown = await engine
					.listSearch(open, method, 'anna')
					.catch(({ message, description }: Error & { description?: string }) => [message, description]);
				shownTexts.push(JSON.stringify(list));
			}
		const options: unknown = await engine
			.loadOptions({ credential: credential(), parameters: {} }, 'getCategories')
			.catch(({ message }: Error) => message);
		expectNoSecret(JSON.stringify([shownTexts, options]));
	});

	it('shows no secret in the result of the test of the credential', async () => {
		onToken = refuse(400, 'invalidClientIdOrSecret');
		expectNoSecret(JSON.stringify(await engine.testCredential(credential())));
	});
});

describe('The Client Secret', () => {
	it('is sent by the request for a token and by no other', async () => {
		onCall = () => ({ status: 200, body: { id: 'event-1', summary: 'x' } });
		for (const more of [{}, ofUser, ofVendor]) await engine.runNode({ parameters: read, credential: credential(more) });
		const escaped = JSON.stringify(SECRET).slice(1, -1);
		const carrying = received.filter((sent) => sent.includes(escaped) || sent.includes(encodeURIComponent(SECRET)));
		expect(carrying.map((sent) => sent.split('\n')[0])).toEqual([
			'/v1.0/oauth2/accessToken',
			'/v1.0/oauth2/userAccessToken',
			'/v1.0/oauth2/corp-1/token',
		]);
		expect(received.length).toBeGreaterThan(carrying.length);
	});
});
