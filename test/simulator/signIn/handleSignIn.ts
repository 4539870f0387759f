/** DingTalk's sign-in in the browser: asks who signs in, and sends the browser back with a code or an error. */
import type { IncomingRequest } from '../incomingRequest';
import { isLoopbackUrl } from '../loopbackOnly';
import type { SimulatorResponse } from '../response';
import { TokenStore } from '../tokens';
import type { World } from '../world';
import { consentPage, errorPage } from './page';

const PATH = '/oauth2/auth';

export const isSignIn = ({ path }: IncomingRequest): boolean => path === PATH;

export function handleSignIn(request: IncomingRequest, world: World): SimulatorResponse {
	return refusalOf(request, world) ?? (request.method === 'POST' ? sendBack(request, world) : ask(request, world));
}

/** DingTalk shows these problems itself: it does not send the browser to an address that it does not know. */
function refusalOf({ query, headers }: IncomingRequest, world: World): SimulatorResponse | undefined {
	const { client_id: clientId = '', redirect_uri: redirectAddress = '', response_type: type, scope = '' } = query;
	const language = headers['accept-language'];
	if (!world.company.apps.some((app) => app.clientId === clientId)) {
		return errorPage(language, 'unknownApp', clientId);
	}
	// Addresses on this machine count as registered, others do not: there is no console in which to register them.
	if (!isLoopbackUrl(redirectAddress)) {
		return errorPage(language, 'unknownAddress', redirectAddress);
	}
	if (type !== 'code' || !scope.split(' ').includes('openid')) {
		return errorPage(language, 'incomplete');
	}
	return undefined;
}

const ask = ({ query, headers }: IncomingRequest, { company }: World): SimulatorResponse =>
	consentPage(headers['accept-language'], query.client_id, company.people);

function sendBack({ query, body, headers }: IncomingRequest, world: World): SimulatorResponse {
	const form = body.kind === 'form' ? body.value : {};
	const person = world.company.byUnionId(form.unionId ?? '');
	if (person === undefined) return errorPage(headers['accept-language'], 'noPerson');
	const target = new URL(query.redirect_uri);
	if (form.decision === 'agree') {
		const consent = { unionId: person.unionId, withCorpId: query.scope.split(' ').includes('corpid') };
		target.searchParams.set('authCode', world.use(TokenStore).newLoginCode(query.client_id, consent));
	} else {
		target.searchParams.set('error', 'access_denied');
	}
	if (query.state !== undefined) target.searchParams.set('state', query.state);
	return { status: 302, contentType: '', headers: { Location: target.href }, text: '' };
}
