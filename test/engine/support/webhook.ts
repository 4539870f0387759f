/** A workflow that starts with the webhook trigger, at an address that the simulator pushes to. */
import type { IDataObject, INode, INodeParameters, IRun } from 'n8n-workflow';

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
/** After the trigger; a test may put a node of its own here. */
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

let workflows = 0;

/** Every workflow has a name of its own: what one test's trigger remembers is nothing to the next. */
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
		id: `told-${process.pid}-${++workflows}`,
		nodes: [node('1', TRIGGER_NODE, TYPE, parameters), node('2', NEXT_NODE, next, {})],
		connections: { [TRIGGER_NODE]: { main: [[{ node: NEXT_NODE, type: 'main', index: 0 }]] } },
		settings: { timezone: 'Asia/Shanghai' },
	};
}

/** The simulator's clock goes by real time, because the trigger refuses what is older than five minutes. */
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

/** What the developer console says when somebody saves the address: `accepted`, or what is wrong. */
export const saveAddress = async (desk: Desk, url: string): Promise<string> =>
	await desk.simulator.world.use(HttpPush).register({ clientId: CLIENT_ID, url, ...KEYS });

/** A server whose address is saved. */
export async function openTold(
	desk: Desk,
	json: WorkflowJson,
	options: WebhookServerOptions = {},
): Promise<WebhookServer> {
	const server = await openServer(desk, json, options);
	const outcome = await saveAddress(desk, server.url);
	if (outcome !== 'accepted') throw new Error(outcome);
	return server;
}

export const pushesOf = (desk: Desk): PushRecord[] => desk.simulator.world.use(PushRecords).all;

export const outcomesOf = (desk: Desk): string[] =>
	pushesOf(desk).flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));

/** What DingTalk has given up on. */
export const failedOf = (desk: Desk): number => desk.simulator.world.use(FailedPushes).listOf(CLIENT_ID).length;

export const toldBy = (run: IRun): IDataObject[] => outputOf(run, TRIGGER_NODE);

/** Fills what the package remembers in the process with other triggers, until nothing is left of earlier ones. */
export async function forgetProcess(): Promise<void> {
	const asLoaded: string = '../../../dist/nodes/DingTalkCalendarWebhookTrigger/inFlightPushes';
	const { getInFlightPushes: claimsOf } = (await import(
		asLoaded
	)) as typeof import('../../../nodes/DingTalkCalendarWebhookTrigger/inFlightPushes');
	for (let other = 0; other < 500; other++) claimsOf(`other ${other}`);
}
