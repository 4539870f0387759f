/** What of the package and of the simulator the demo has to know by name. */
import { simulatorCredential } from '../simulator.mjs';

const PACKAGE = 'n8n-nodes-dingtalk-calendar';

/** A workflow of the English edition, exported, for the edition of a language. */
export const inEdition = (json, language) =>
	language === 'en' ? json : json.replaceAll(`"${PACKAGE}.`, `"${PACKAGE}-${language}.`);

/**
 * DingTalk pushes an app's changes either over Stream or over HTTP. To show both, the triggers listen for two apps; these
 * are the callback settings of the second.
 */
const CALLBACK = {
	clientId: 'sim-readonly',
	token: 'demoToken',
	aesKey: '0123456789abcdefghijklmnopqrstuvwxyzABCDEFG',
};

/** One of each type that the examples ask for. */
export const CREDENTIALS = {
	dingTalkCalendarApi: { name: 'DingTalk simulator', data: (url) => simulatorCredential(url) },
	dingTalkCalendarCallbackApi: {
		name: 'DingTalk simulator callback',
		data: () => ({
			token: CALLBACK.token,
			aesSecretKey: CALLBACK.aesKey,
			ownerKey: 'clientId',
			clientId: CALLBACK.clientId,
		}),
	},
};

export const isOurs = ({ type }) => type.startsWith(`${PACKAGE}.`) || type.startsWith(`${PACKAGE}-zh.`);

export const isTrigger = (node) => isOurs(node) && node.type.endsWith('Trigger');

const isWebhook = ({ type }) => type.endsWith('WebhookTrigger');

export const credentialTypesOf = (node) => (isWebhook(node) ? Object.keys(CREDENTIALS) : ['dingTalkCalendarApi']);

/** The production URL that an administrator would paste into DingTalk's console; undefined for triggers that need none. */
const callbackUrlOf = (n8n, node) =>
	isWebhook(node) ? `${n8n}/webhook/${node.webhookId}/dingtalk-calendar` : undefined;

/** What the administrator does in the console. n8n opens the address some moments after it has activated the workflow. */
export async function registerCallback(simulator, n8n, trigger, patience = Date.now() + 30_000) {
	const url = callbackUrlOf(n8n, trigger);
	if (!url) return;
	const answer = await fetch(`${simulator}/_simulator/callback`, {
		method: 'POST',
		body: JSON.stringify({ ...CALLBACK, url }),
	});
	if (answer.ok) return;
	if (Date.now() > patience) throw new Error(`The simulator does not accept ${url}: ${await answer.text()}`);
	await new Promise((resolve) => setTimeout(resolve, 500));
	await registerCallback(simulator, n8n, trigger, patience);
}
