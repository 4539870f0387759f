/** Control plane calls for callback URLs: list, register and delete. */
import type { App } from '../company';
import { fieldsOf, textOf, type Fields } from '../fields';
import { HttpPush } from '../push/http/httpPush';
import { ACCEPTED } from '../push/http/httpCallback';
import type { World } from '../world';
import { ControlError, type ControlRoute } from './controlRequest';

const TOKEN = /^[A-Za-z0-9]{3,32}$/;
const AES_KEY = /^[A-Za-z0-9]{43}$/;

function appOf(fields: Fields, { company }: World): App {
	const app = company.apps.find(({ clientId }) => clientId === textOf(fields, 'clientId'));
	if (app === undefined) throw new ControlError('"clientId" must be the client ID of a seeded app.');
	return app;
}

/** Registers the callback URL of an app, as in DingTalk's console: the URL is verified before it is saved. */
async function register(body: unknown, world: World): Promise<unknown> {
	const fields = fieldsOf(body);
	const { clientId, appType } = appOf(fields, world);
	if (appType !== 'internal') throw new ControlError('Only internal apps receive calendar pushes over HTTP.');
	const [url, token, aesKey] = [
		textOf(fields, 'url') ?? '',
		textOf(fields, 'token') ?? '',
		textOf(fields, 'aesKey') ?? '',
	];
	if (!isWebAddress(url)) throw new ControlError('"url" must be an http or https address.');
	if (!TOKEN.test(token)) throw new ControlError('"token" must be 3 to 32 letters and digits.');
	if (!AES_KEY.test(aesKey)) throw new ControlError('"aesKey" must be 43 letters and digits.');
	const outcome = await world.use(HttpPush).register({ clientId, url, token, aesKey });
	if (outcome !== ACCEPTED) throw new ControlError(`check_url failed: ${outcome}.`);
	return { clientId, url, checked: true };
}

function isWebAddress(url: string): boolean {
	try {
		return ['http:', 'https:'].includes(new URL(url).protocol);
	} catch {
		return false;
	}
}

export const callbackRoutes: ControlRoute[] = [
	{
		method: 'GET',
		path: '/_simulator/callback',
		description: 'lists the callback URLs',
		handle: (_body, { world }) => ({ callbacks: world.use(HttpPush).describe() }),
	},
	{
		method: 'POST',
		path: '/_simulator/callback',
		description:
			'{clientId, url, token, aesKey} verifies the URL with check_url and pushes to it from then on; one URL per app',
		handle: (body, { world }) => register(body, world),
	},
	{
		method: 'DELETE',
		path: '/_simulator/callback',
		description: '{clientId} deletes the callback URL of an app',
		handle: (body, { world }) => {
			const { clientId } = appOf(fieldsOf(body), world);
			world.use(HttpPush).forget(clientId);
			return { clientId, forgotten: true };
		},
	},
];
