/** The call that opens a Stream connection. */
import { ApiError, type Call, type Route } from '../contract';
import { fieldsOf, isFields, textOf, type Fields } from '../fields';
import { missingBody } from '../gateway/requestBody';
import { CONNECT_PATH } from '../push/stream/upgrade';
import { Tickets, type Subscription } from '../push/stream/tickets';
import type { World } from '../world';

const STREAM_APP_TYPES: readonly string[] = ['internal', 'thirdPartyEnterprise'];

function required(fields: Fields, name: string): string {
	const value = textOf(fields, name);
	if (value === undefined) throw new ApiError(400, `Missing${name}`, `${name} is mandatory for this action.`);
	return value;
}

function subscriptionsOf({ subscriptions }: Fields): Subscription[] {
	const entries = Array.isArray(subscriptions) ? subscriptions.map(fieldsOf) : [];
	if (entries.length === 0)
		throw new ApiError(400, 'Missingsubscriptions', 'subscriptions is mandatory for this action.');
	return entries.map((entry) => ({ type: required(entry, 'type'), topic: required(entry, 'topic') }));
}

/** Returns the endpoint and a ticket for one WebSocket. The endpoint is the address that the caller used. */
function openConnection({ body, headers }: Call, world: World): unknown {
	if (!isFields(body)) throw missingBody();
	const [clientId, clientSecret] = [required(body, 'clientId'), required(body, 'clientSecret')];
	const subscriptions = subscriptionsOf(body);
	const app = world.company.apps.find((known) => known.clientId === clientId && known.clientSecret === clientSecret);
	if (app === undefined || !STREAM_APP_TYPES.includes(app.appType)) throw new ApiError(401, 'authFailed', '鉴权失败');
	const ticket = world.use(Tickets).issue({ clientId, subscriptions, ua: textOf(body, 'ua') });
	const endpoint = `ws://${headers.host}${CONNECT_PATH}`;
	const asksForJson = headers.accept?.includes('application/json') === true;
	return asksForJson
		? { endpoint, ticket }
		: `<Response><endpoint>${endpoint}</endpoint><ticket>${ticket}</ticket></Response>`;
}

/** The endpoint accepts only WebSockets. */
function upgradeRequired(): never {
	throw new ApiError(426, 'upgrade.required', 'upgrade required');
}

export const routes: Route[] = [
	{
		method: 'POST',
		path: '/v1.0/gateway/connections/open',
		style: 'new',
		token: 'none',
		metered: false,
		handle: openConnection,
	},
	{ method: 'GET', path: CONNECT_PATH, style: 'new', token: 'none', metered: false, handle: upgradeRequired },
];
