/** Runs one example workflow, started in each way that it can be started, against a DingTalk of its own. */
import type { INode, IRun } from 'n8n-workflow';

import { errorOf, itemsOf, type Engine, type WorkflowJson } from '../engine/harness';
import { plant } from '../engine/support/events';
import { Desk } from '../engine/support/setup';
import { credentialOf } from '../engine/support/state';
import { connections, until } from '../engine/support/triggers';
import { codeIn, decide } from '../engine/support/signIn';
import { openRegisteredServer } from '../engine/support/webhook';
import type { Person } from '../simulator/company';

const PACKAGE = 'n8n-nodes-dingtalk-calendar';
const MANUAL = 'n8n-nodes-base.manualTrigger';
const NOT_A_STEP = [MANUAL, 'n8n-nodes-base.stickyNote'];

/** What one node returned. */
export interface Step {
	node: string;
	items: number;
	first: object | undefined;
}

/** What came of one way of starting a workflow. */
export interface Outcome {
	/** What started it, in plain words. */
	start: string;
	steps: Step[];
	/** Calls that count against the monthly quota. */
	meteredCalls: number;
	/** Why it failed. */
	error?: string;
}

type Start = (desk: Desk, json: WorkflowJson, trigger: INode) => Promise<IRun>;

const credentialsOf = (desk: Desk) => ({ credentials: [desk.credential] });

const runFrom: Start = async (desk, json, trigger) =>
	await desk.engine.runWorkflow(json, { ...credentialsOf(desk), startNode: trigger.name });

/** The page is opened by DingTalk after a user has agreed; the code that it shows must do in the credential. */
const signIn: Start = async (desk, json, trigger) => {
	const address = await decide(desk, desk.people[0]);
	const query = Object.fromEntries(new URL(address).searchParams);
	const run = await desk.engine.runWorkflow(json, {
		startNode: trigger.name,
		pinData: { [trigger.name]: [{ json: { query } }] },
	});
	const credential = credentialOf(desk, {
		appType: 'user',
		clientId: 'sim-personal',
		authorizationCode: codeIn(address),
	});
	const { status, message } = await desk.engine.testCredential(credential);
	if (status !== 'OK') throw new Error(message);
	return run;
};

/** In which way each type of trigger is brought to start its workflow, and how that is called. */
const STARTS: Record<string, { name: string; start: Start }> = {
	[MANUAL]: { name: 'started manually', start: runFrom },
	'n8n-nodes-base.webhook': { name: 'a user signs in, and the credential takes the code', start: signIn },
	[`${PACKAGE}.dingTalkCalendarPollingTrigger`]: {
		name: 'polled once, with a meeting in an hour',
		start: async (desk, json, trigger) => {
			plantMeeting(desk, json);
			return await runFrom(desk, json, trigger);
		},
	},
	[`${PACKAGE}.dingTalkCalendarTrigger`]: {
		name: 'a new meeting pushed over Stream',
		start: async (desk, json, trigger) => {
			const running = runFrom(desk, json, trigger);
			// A run that ends before it listens has failed, and says why itself.
			await Promise.race([running, until(() => connections(desk).length > 0)]);
			plantMeeting(desk, json);
			return await running;
		},
	},
	[`${PACKAGE}.dingTalkCalendarWebhookTrigger`]: {
		name: 'a new meeting pushed over HTTP',
		start: async (desk, json) => {
			const server = await openRegisteredServer(desk, json);
			try {
				plantMeeting(desk, json);
				await until(() => server.runs.length > 0);
				return server.runs[0];
			} finally {
				await server.close();
			}
		},
	},
};

const MINUTE = 60_000;
const MOST_MS = 30_000;

/** In the calendar of the person whom the workflow names, by the mobile number as examples do. */
function plantMeeting(desk: Desk, json: WorkflowJson): void {
	const text = JSON.stringify(json.nodes);
	const named: Person | undefined = desk.people.find(({ mobile }) => text.includes(mobile));
	const at = (minutes: number) => ({
		dateTime: new Date(Date.now() + minutes * MINUTE).toISOString(),
		timeZone: 'Asia/Shanghai',
	});
	plant(desk, named ?? desk.people[0], { summary: 'Budget', start: at(60), end: at(90) });
}

export async function runExample(engine: Engine, json: WorkflowJson): Promise<Outcome[]> {
	const outcomes: Outcome[] = [];
	for (const trigger of json.nodes) {
		const way = STARTS[trigger.type];
		if (way) outcomes.push({ start: way.name, ...(await runOnce(engine, json, trigger, way.start)) });
	}
	return outcomes;
}

async function runOnce(
	engine: Engine,
	json: WorkflowJson,
	trigger: INode,
	start: Start,
): Promise<Omit<Outcome, 'start'>> {
	const desk = await Desk.open(engine);
	// Examples are dated from the real clock.
	desk.simulator.world.clock.set(Date.now());
	try {
		const run = await withinTime(start(desk, json, trigger));
		const meteredCalls = (await desk.recorder.meteredCalls()).length;
		return { steps: stepsOf(json, run), meteredCalls, error: whyFailed(run) };
	} catch (error) {
		return { steps: [], meteredCalls: (await desk.recorder.meteredCalls()).length, error: (error as Error).message };
	} finally {
		await desk.close();
	}
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const tooLong = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`It did not end within ${MOST_MS / 1000} seconds`)), MOST_MS);
	});
	try {
		return await Promise.race([work, tooLong]);
	} finally {
		clearTimeout(timer);
	}
}

/** The nodes that ran, in the workflow's order. */
const stepsOf = ({ nodes }: WorkflowJson, run: IRun): Step[] =>
	nodes
		.filter(({ name, type, disabled }) => !disabled && !NOT_A_STEP.includes(type) && run.data.resultData.runData[name])
		.map(({ name }) => {
			const items = itemsOf(run, name);
			return { node: name, items: items.length, first: items[0]?.json };
		});

function whyFailed(run: IRun): string | undefined {
	const error = errorOf(run);
	if (!error) return undefined;
	const node = 'node' in error ? error.node?.name : undefined;
	return [node && `'${node}'`, error.message, error.description].filter(Boolean).join(': ');
}
