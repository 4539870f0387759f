/** What engine tests of the Stream trigger stand on: a DingTalk that pushes, and a server with active workflows. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../../simulator/calendar/store';
import { PushRecords, type PushRecord } from '../../simulator/push/record';
import { StreamHub } from '../../simulator/push/stream/hub';
import type { Connection } from '../../simulator/push/stream/connection';
import type { CredentialReference, Server, StoredExecution, WorkflowJson } from '../harness';
import type { Desk } from './setup';
import { installWebSocket } from './webSocket';

installWebSocket();

export const STREAM_TRIGGER = 'n8n-nodes-dingtalk-calendar.dingTalkCalendarTrigger';
export const TRIGGER_NODE = 'DingTalk Calendar Trigger';

/** A workflow that is nothing but the trigger. */
export const streamWorkflow = (parameters: INodeParameters = {}, id = 'workflow-1'): WorkflowJson => ({
	id,
	name: id,
	nodes: [
		{
			id: `node-of-${id}`,
			name: TRIGGER_NODE,
			type: STREAM_TRIGGER,
			typeVersion: 1,
			position: [0, 0],
			parameters: { triggerOn: ['cancelled', 'created', 'left', 'updated'], ...parameters },
		},
	],
	connections: {},
	settings: { timezone: 'Asia/Shanghai' },
});

/** Waits for something to become true; the test's own time-out is the limit. */
export async function until<T>(what: () => T | Promise<T>): Promise<T> {
	for (;;) {
		const value = await what();
		if (value) return value;
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** Activates one workflow with the desk's credential, or another one. */
export async function activate(
	desk: Desk,
	server: Server,
	json: WorkflowJson,
	credential: CredentialReference = desk.credential,
): Promise<void> {
	await server.activate(json, { credentials: [credential] });
}

/** Why a workflow cannot be activated. */
export async function refusalOf(activation: Promise<void>): Promise<string> {
	return await activation.then(
		() => 'it was activated',
		(error: Error) => error.message,
	);
}

export const connections = (desk: Desk): Connection[] => desk.simulator.world.use(StreamHub).select({});

export const pushes = (desk: Desk): PushRecord[] => desk.simulator.world.use(PushRecords).all;

/** As often as one message was pushed, what became of it each time. */
export const outcomes = (desk: Desk): string[][] =>
	pushes(desk).map(({ attempts }) => attempts.map(({ outcome }) => outcome));

export const allAccepted = (desk: Desk): boolean => pushes(desk).every(({ state }) => state === 'accepted');

export async function executions(server: Server, count = 1): Promise<StoredExecution[]> {
	return (await until(() =>
		server.database.executions.length >= count ? server.database.executions : undefined,
	)) as StoredExecution[];
}

export const itemsOf = (found: StoredExecution[]): IDataObject[] => found.flatMap(({ items }) => items);

export const changeOf = (item: IDataObject): IDataObject => item.change as IDataObject;

export const calendar = (desk: Desk): CalendarStore => desk.simulator.world.use(CalendarStore);
