/** Support for tests of the webhook trigger: its workflows, and servers to whose URL the simulator pushes. */
import { request } from 'node:http';
import type { IDataObject, INode, INodeParameters, IRun } from 'n8n-workflow';

import type { SealedText } from '../../simulator/push/envelope';
import { CallbackPorts } from '../../simulator/push/http/callbackPorts';
import { HttpPush } from '../../simulator/push/http/httpPush';
import { FailedPushes } from '../../simulator/push/http/failedPushes';
import { PushRecords, type PushRecord } from '../../simulator/push/record';
import {
	outputOf,
	type CredentialReference,
	type WebhookServer,
	type WebhookServerOptions,
	type WorkflowJson,
} from '../harness';
import type { Desk } from './setup';

export const KEYS = { token: 'aToken123', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
export const CLIENT_ID = 'sim-internal';
export const TRIGGER_NODE = 'Changed';
const TYPE = 'n8n-nodes-dingtalk-calendar.dingTalkCalendarWebhookTrigger';
/** The node after the trigger; tests may choose its type. */
export const NEXT_NODE = 'Next';

export const callbackCredential = (desk: Desk, fields: IDataObject = {}): CredentialReference =>
	desk.engine.addCredential({
		type: 'dingTalkCalendarCallbackApi',
		data: {
			token: KEYS.token,
			aesSecretKey: KEYS.aesKey,
			ownerKey: 'clientId',
			clientId: CLIENT_ID,
			corpId: '',
			...(fields as object),
		},
	});

export interface PushRequest {
	method: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	body: string;
}

/** The request that DingTalk would send. */
export const requestOf = ({ signature, timestamp, nonce, encrypt }: SealedText): PushRequest => ({
	method: 'POST',
	query: { signature, timestamp, nonce },
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify({ encrypt }),
});

/** Uses a new connection each time: a server may close one that is kept alive just when it is used again. */
export async function sendRequest(
	url: string,
	{ method, query, headers, body }: PushRequest,
): Promise<{ status: number; text: string }> {
	const target = `${url}?${String(new URLSearchParams(query))}`;
	const length = body === '' ? {} : { 'content-length': Buffer.byteLength(body) };
	return await new Promise((resolve, reject) => {
		const outgoing = request(target, { method, headers: { ...headers, ...length }, agent: false }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
		});
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}

let workflows = 0;

/** Each workflow has its own ID, so that no trigger shares its stored changes with that of another test. */
export function triggeredWorkflow(parameters: INodeParameters = {}, next = 'n8n-nodes-base.noOp'): WorkflowJson {
	const node = (id: string, name: string, type: string, given: INodeParameters): INode => ({
		id,
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters: given,
	});
	return {
		id: `webhook-${process.pid}-${++workflows}`,
		nodes: [node('1', TRIGGER_NODE, TYPE, parameters), node('2', NEXT_NODE, next, {})],
		connections: { [TRIGGER_NODE]: { main: [[{ node: NEXT_NODE, type: 'main', index: 0 }]] } },
		settings: { timezone: 'Asia/Shanghai' },
	};
}

/** Sets the simulator's clock to the real time, because the trigger rejects pushes that are older than five minutes. */
export async function openServer(
	desk: Desk,
	json: WorkflowJson,
	options: WebhookServerOptions = {},
): Promise<WebhookServer> {
	desk.simulator.world.clock.set(Date.now());
	return await desk.engine.webhookServer(json, {
		credentials: [callbackCredential(desk), desk.credential],
		...options,
	});
}

/** What the developer console shows when the URL is saved: `accepted`, or what is wrong. */
export async function saveUrl(desk: Desk, url: string): Promise<string> {
	const { world } = desk.simulator;
	world.use(CallbackPorts).allowUrl(url);
	return await world.use(HttpPush).register({ clientId: CLIENT_ID, url, ...KEYS });
}

/** A server whose URL is saved in the developer console. */
export async function openRegisteredServer(
	desk: Desk,
	json: WorkflowJson,
	options: WebhookServerOptions = {},
): Promise<WebhookServer> {
	const server = await openServer(desk, json, options);
	const outcome = await saveUrl(desk, server.url);
	if (outcome !== 'accepted') throw new Error(outcome);
	return server;
}

export const pushesOf = (desk: Desk): PushRecord[] => desk.simulator.world.use(PushRecords).all;

export const outcomesOf = (desk: Desk): string[] =>
	pushesOf(desk).flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));

/** The number of pushes that DingTalk could not deliver. */
export const failedOf = (desk: Desk): number => desk.simulator.world.use(FailedPushes).listOf(CLIENT_ID).length;

export const triggerOutput = (run: IRun): IDataObject[] => outputOf(run, TRIGGER_NODE);
