/** Signs a user in: the credential exchanges the code once, keeps the refresh token, and says why a code is not accepted. */
import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { Engine, errorOf, forgetPackage, storedTextOf, type CredentialReference } from './harness';
import { useDesk } from './support/setup';
import { codeIn, decide, signInAddress } from './support/signIn';
import { DAY, MINUTE } from '../../lib/dingtalk/utils/time';

const desk = useDesk();

const OK = { status: 'OK', message: 'Connection successful!' };
const SIGN_IN_AGAIN = "Have the user sign in again, enter the new code in 'Authorization Code' and save right away";

const dataOf = (more: ICredentialDataDecryptedObject): ICredentialDataDecryptedObject => ({
	region: 'custom',
	baseUrl: desk().simulator.url,
	appType: 'user',
	clientId: 'sim-personal',
	clientSecret: 'sim-secret',
	authorizationCode: '',
	refreshToken: '',
	...more,
});
const credential = (more: ICredentialDataDecryptedObject, engine = desk().engine): CredentialReference =>
	engine.addCredential({ type: 'dingTalkCalendarApi', data: dataOf(more) });
const newCode = async (): Promise<string> => codeIn(await decide(desk(), desk().people[0]));

const LIST: INodeParameters = {
	resource: 'event',
	operation: 'getAll',
	user: 'me',
	timeMin: '2026-03-02',
	timeMax: '2026-03-03',
};
const run = async (reference: CredentialReference, engine = desk().engine) =>
	await engine.runNode({ parameters: LIST, items: [{}, {}, {}], credential: reference });

const grants = async (): Promise<unknown[]> =>
	(await desk().recorder.calls())
		.filter(({ path }) => path.endsWith('/userAccessToken'))
		.map(({ body }) => (body as { grantType: string }).grantType);

async function messageOf(more: ICredentialDataDecryptedObject): Promise<string> {
	const { status, message } = await desk().engine.testCredential(credential(more));
	expect(status).toBe('Error');
	expect(message).not.toMatch(/sim-secret|[0-9a-f]{32}/);
	return message;
}

/** Another process: nothing of what the first one knew. */
async function restart(persistence: 'merged' | 'resolved' = 'merged'): Promise<Engine> {
	forgetPackage();
	return await Engine.start({ persistence });
}

describe('An authorization code', () => {
	it.each(['merged', 'resolved'] as const)(
		'is exchanged by the test of the credential, which n8n stores %s, and is not needed again',
		async (persistence) => {
			const engine = await restart(persistence);
			const reference = credential({ authorizationCode: await newCode() }, engine);
			expect(await engine.testCredential(reference)).toEqual(OK);
			const stored = engine.credentials.peek(reference);
			expect(stored).toMatchObject({ accessToken: '', authorizationCode: '', clientId: 'sim-personal' });
			expect(stored.refreshToken).toMatch(/^[0-9a-f]{32}$/);

			const restarted = await restart(persistence);
			const again = restarted.addCredential({ type: 'dingTalkCalendarApi', data: stored });
			expect(await restarted.testCredential(again)).toEqual(OK);
			expect(errorOf(await run(again, restarted))).toBeUndefined();
			expect(await grants()).toEqual(['authorization_code', 'refresh_token']);
		},
	);

	it('is exchanged once by a run if the credential was never tested, and stored with one write', async () => {
		const reference = credential({ authorizationCode: await newCode() });
		desk().engine.credentials.resetCounts();
		const ran = await run(reference);
		expect(errorOf(ran)).toBeUndefined();
		expect(await grants()).toEqual(['authorization_code']);
		expect(desk().engine.credentials.writes).toBe(1);
		const { authorizationCode, refreshToken } = desk().engine.credentials.peek(reference);
		expect(authorizationCode).toBe('');
		expect(storedTextOf(ran)).not.toContain(String(refreshToken));
	});

	it('is accepted as the address that the browser shows', async () => {
		const reference = credential({ authorizationCode: await decide(desk(), desk().people[1]) });
		expect(await desk().engine.testCredential(reference)).toEqual(OK);
		expect(desk().engine.credentials.peek(reference)).toMatchObject({ authorizationCode: '' });
	});

	it('replaces the user who signed in before', async () => {
		const reference = credential({ refreshToken: `sim-refresh-${desk().people[1].userId}` });
		expect(await desk().engine.testCredential(reference)).toEqual(OK);
		desk().engine.credentials.patch(reference, { authorizationCode: await newCode() });
		expect(await desk().engine.testCredential(reference)).toEqual(OK);
		expect(desk().engine.credentials.peek(reference).refreshToken).not.toMatch(/^sim-refresh/);
		expect(await grants()).toEqual(['refresh_token', 'authorization_code']);
	});

	it('is stored anew if an editor that was still open saves it again', async () => {
		const code = await newCode();
		const reference = credential({ authorizationCode: code });
		expect(await desk().engine.testCredential(reference)).toEqual(OK);
		const { refreshToken } = desk().engine.credentials.peek(reference);
		desk().engine.credentials.patch(reference, { authorizationCode: code, refreshToken: '' });
		const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + MINUTE);
		expect(await desk().engine.testCredential(reference)).toEqual(OK);
		clock.mockRestore();
		expect(desk().engine.credentials.peek(reference)).toMatchObject({ authorizationCode: '', refreshToken });
		expect(await grants()).toEqual(['authorization_code']);
	});

	it.each(['rotate', 'rotateAndForget', 'keep'] as const)(
		'leads to refresh tokens that are renewed where DingTalk says %s',
		async (refreshTokenRotation) => {
			desk().simulator.world.switches.refreshTokenRotation = refreshTokenRotation;
			let data = dataOf({ authorizationCode: await newCode() });
			for (const grant of ['authorization_code', 'refresh_token', 'refresh_token']) {
				const engine = await restart();
				const reference = engine.addCredential({ type: 'dingTalkCalendarApi', data });
				expect(errorOf(await run(reference, engine))).toBeUndefined();
				expect((await grants()).at(-1)).toBe(grant);
				data = engine.credentials.peek(reference);
			}
			expect(await grants()).toHaveLength(3);
		},
	);
});

describe('A code that is not accepted', () => {
	it('says what can be wrong with it if DingTalk does not', async () => {
		expect(await messageOf({ authorizationCode: 'unknown' })).toBe(
			`${desk().simulator.url} does not accept this 'Authorization Code'. A code can be used once, is valid for five minutes, and only for the app of this 'Client ID'. ${SIGN_IN_AGAIN}.`,
		);
	});

	it('says that it was used', async () => {
		desk().simulator.world.switches.refusedLoginCode = 'reason';
		const code = await newCode();
		const engine = await restart();
		expect(await engine.testCredential(credential({ authorizationCode: code }, engine))).toEqual(OK);
		forgetPackage();
		const other = await restart();
		const { message } = await other.testCredential(credential({ authorizationCode: code }, other));
		expect(message).toBe(
			`The 'Authorization Code' has already been used. A code can be used once. ${SIGN_IN_AGAIN}. If this credential worked before, close it without saving and open it again.`,
		);
	});

	it('says that it has expired', async () => {
		desk().simulator.world.switches.refusedLoginCode = 'reason';
		const code = await newCode();
		await desk().control('clock', { advanceMs: 5 * MINUTE });
		expect(await messageOf({ authorizationCode: code })).toBe(
			`The 'Authorization Code' has expired. A code is valid for five minutes. ${SIGN_IN_AGAIN}.`,
		);
	});

	it('says that the user did not agree', async () => {
		const address = await decide(desk(), desk().people[0], 'refuse');
		expect(await messageOf({ authorizationCode: address })).toBe(
			'The user did not agree to the access. Have the user open the sign-in page again and agree, then enter the code or address that the browser shows.',
		);
		expect(await grants()).toEqual([]);
	});

	it('says what to do about a redirect address that is not registered', async () => {
		const address = signInAddress(desk(), { redirect_uri: 'https://n8n.example.com/webhook/dingtalk-sign-in' });
		const page = await fetch(address);
		expect(page.status).toBe(400);
		expect(await page.text()).toContain('Invalid redirect address');
		expect(await messageOf({ authorizationCode: address })).toBe(
			"The address in 'Authorization Code' is the one of DingTalk's sign-in page. Enter the address that the browser shows after signing in. If DingTalk's page reports an error instead, add the exact redirect address to the app in the DingTalk developer console, under Security Settings, and sign in again.",
		);
	});

	it('says that an address contains no code', async () => {
		expect(await messageOf({ authorizationCode: 'https://n8n.example.com/webhook/dingtalk-sign-in' })).toMatch(
			/^The address in 'Authorization Code' contains no code\. Enter the address that the browser shows after signing in/,
		);
	});

	it('fails a run with the same sentence, and the advice as its description', async () => {
		const error = errorOf(await run(credential({ authorizationCode: 'unknown' })));
		expect(error?.message).toContain("does not accept this 'Authorization Code'");
		expect(error?.description).toContain(SIGN_IN_AGAIN);
	});
});

describe('A refresh token of 30 days ago', () => {
	it.each(['refreshToken', 'authCode'] as const)(
		'says that the user must sign in again if DingTalk calls it %s',
		async (refusedRefreshToken) => {
			desk().simulator.world.switches.refusedRefreshToken = refusedRefreshToken;
			const reference = credential({ authorizationCode: await newCode() });
			expect(await desk().engine.testCredential(reference)).toEqual(OK);
			const { refreshToken } = desk().engine.credentials.peek(reference);
			await desk().control('clock', { advanceMs: 30 * DAY });
			const engine = await restart();
			const { message } = await engine.testCredential(credential({ refreshToken }, engine));
			expect(message).toBe(
				`${desk().simulator.url} no longer accepts the 'Refresh Token'. A refresh token that is not used for 30 days expires. ${SIGN_IN_AGAIN}.`,
			);
		},
	);
});
