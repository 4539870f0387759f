/** Checks that a real n8n stores what the credential gets for a sign-in code, through the calls that the editor makes. */
import { controlOf } from '../../tools/simulator.mjs';

const TYPE = 'dingTalkCalendarApi';
const REDIRECT = 'http://localhost/signed-in';

/** What the browser does on DingTalk's sign-in page; returns the code. */
async function signIn(simulatorUrl, unionId) {
	const query = new URLSearchParams({
		client_id: 'sim-personal',
		redirect_uri: REDIRECT,
		response_type: 'code',
		scope: 'openid corpid',
	});
	const answer = await fetch(`${simulatorUrl}/oauth2/auth?${query}`, {
		method: 'POST',
		redirect: 'manual',
		body: new URLSearchParams({ unionId, decision: 'agree' }),
	});
	return new URL(answer.headers.get('location')).searchParams.get('authCode');
}

async function withServer(n8n, work) {
	const server = await n8n.start();
	try {
		return await work(server.rest);
	} finally {
		await server.stop();
	}
}

const testOf = async (rest, { id, name }, data) =>
	await rest.call('POST', '/rest/credentials/test', { credentials: { id, name, type: TYPE, data } });

const storedOf = async (rest, { id }) => (await rest.call('GET', `/rest/credentials/${id}?includeData=true`)).data;

/** Undefined if n8n keeps the refresh token and not the code, and the user is still signed in after a restart. */
export async function signInFault(n8n, simulatorUrl) {
	const control = controlOf(simulatorUrl);
	await control('reset', {});
	await control('switches', { refreshTokenRotation: 'rotateAndForget' });
	const [{ unionId }] = (await control('state')).people;
	const data = {
		region: 'custom',
		baseUrl: simulatorUrl,
		appType: 'user',
		clientId: 'sim-personal',
		clientSecret: 'sim-secret',
		authorizationCode: await signIn(simulatorUrl, unionId),
		refreshToken: '',
	};
	let credential;
	const fault = await withServer(n8n, async (rest) => {
		credential = await rest.createCredential('Signed in', data);
		const first = await testOf(rest, credential, data);
		if (first.status !== 'OK') return `the test with the code: ${first.message}`;
		const stored = await storedOf(rest, credential);
		// n8n hides the values of password fields, but shows whether there is one.
		if (stored.authorizationCode !== '') return 'the code is still stored';
		if (!stored.refreshToken?.includes('BLANK_VALUE')) return 'no refresh token is stored';
		const stale = await testOf(rest, credential, data);
		return stale.status === 'OK' ? undefined : `the test of a dialog that still shows the code: ${stale.message}`;
	});
	if (fault) return fault;
	return await withServer(n8n, async (rest) => {
		const again = await testOf(rest, credential, await storedOf(rest, credential));
		if (again.status !== 'OK') return `the test after a restart: ${again.message}`;
		const { calls } = await control('calls');
		const grants = calls.filter(({ path }) => path.endsWith('/userAccessToken')).map(({ body }) => body.grantType);
		const expected = 'authorization_code, refresh_token';
		return grants.join(', ') === expected ? undefined : `expected ${expected}, but saw ${grants.join(', ')}`;
	});
}
