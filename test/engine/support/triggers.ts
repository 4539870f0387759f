/** Support for engine tests of the Stream trigger: its workflows, and what the simulator has pushed. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { SECOND } from '../../../lib/dingtalk/utils/time';
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import { PushRecords, type PushRecord } from '../../simulator/push/record';
import { StreamHub } from '../../simulator/push/stream/hub';
import type { Connection } from '../../simulator/push/stream/connection';
import type { CredentialReference, Server, StoredExecution, WorkflowJson } from '../harness';
import type { Desk } from './setup';
import { installWebSocket } from './webSocket';

installWebSocket();

export const STREAM_TRIGGER = 'n8n-nodes-dingtalk-calendar.dingTalkCalendarTrigger';
export const TRIGGER_NODE = 'DingTalk Calendar Trigger';

/** A workflow that consists of the trigger only. */
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

/** Waits until a condition is true. The time limit is that of the test. */
export async function until<T>(condition: () => T | Promise<T>): Promise<T> {
	for (;;) {
		const value = await condition();
		if (value) return value;
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/** Activates a workflow, by default with the desk's credential. */
export async function activate(
	desk: Desk,
	server: Server,
	json: WorkflowJson,
	credential: CredentialReference = desk.credential,
): Promise<void> {
	await server.activate(json, { credentials: [credential] });
}

/** The error with which activating a workflow fails. */
export async function refusalOf(activation: Promise<void>): Promise<string> {
	return await activation.then(
		() => 'The workflow was activated',
		(error: Error) => error.message,
	);
}

export const connections = (desk: Desk): Connection[] => desk.simulator.world.use(StreamHub).select({});

/** Waits until the connection of an app is closed, which it is some time after the last workflow was deactivated. */
export async function untilClosed(desk: Desk, clock: { advance(ms: number): unknown }): Promise<void> {
	await until(async () => {
		await clock.advance(SECOND);
		return connections(desk).length === 0;
	});
}

export const pushes = (desk: Desk): PushRecord[] => desk.simulator.world.use(PushRecords).all;

/** For each message, the outcome of each attempt to push it. */
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
