/**
 * Measures three ways to keep an access token, on n8n's engine and against the simulator: `npx tsx
 * test/bench/token-mechanisms.ts`. The result stands in docs/project/decisions/token.md.
 */
import '../engine/environment.js';

import { join } from 'node:path';

import { Engine, outputOf, TESTED_NODE, RequestRecorder } from '../engine/harness';
import { startSimulator } from '../simulator';
import { Faults } from '../simulator/gateway/faults.js';
import { Limits } from '../simulator/limits';

const ITEMS = 50;
const THREE_HOURS = 3 * 3_600_000;
const TOKEN = '/v1.0/oauth2/accessToken';
const CALENDARS = '/v1.0/calendar/users/{userId}/calendars';

const WAYS = [
	{ way: 'stored', name: 'Token stored, n8n renews on 401', type: 'storedTokenApi' },
	{ way: 'emptied', name: 'Token stored, the node empties it', type: 'storedTokenApi' },
	{ way: 'cached', name: 'Nothing stored, token kept in the process', type: 'dingTalkCalendarApi' },
];
const STATES = [
	{ name: 'no token', expired: false, status: '400' as const },
	{ name: 'expired, DingTalk says 400', expired: true, status: '400' as const },
	{ name: 'expired, DingTalk says 401', expired: true, status: '401' as const },
];

async function measure(way: (typeof WAYS)[number], state: (typeof STATES)[number]): Promise<Array<string | number>> {
	const simulator = await startSimulator();
	const engine = await Engine.start({ packages: [join(__dirname, 'mechanisms')] });
	const { world } = simulator;
	world.switches.invalidTokenStatus = state.status;
	world.use(Limits).change({ qps: null });
	// About as long as it takes over the Internet, so that requests that start together really overlap.
	world.use(Faults).add([
		{ match: { path: TOKEN }, do: 'delay', delayMs: 150 },
		{ match: { path: CALENDARS }, do: 'delay', delayMs: 20 },
	]);
	const credential = engine.addCredential({
		type: way.type,
		data: {
			region: 'custom',
			baseUrl: simulator.url,
			clientId: 'sim-internal',
			clientSecret: 'sim-secret',
			accessToken: '',
		},
	});
	const url = `${simulator.url}/v1.0/calendar/users/${world.company.people[0].unionId}/calendars`;
	const run = async (count: number) =>
		await engine.runNode({
			type: 'n8n-nodes-token-mechanisms.mechanism',
			parameters: { way: way.way, url },
			items: Array.from({ length: count }, () => ({})),
			credential,
		});
	if (state.expired) {
		await run(1);
		world.clock.advance(THREE_HOURS);
	}
	const recorder = new RequestRecorder(simulator);
	await recorder.clear();
	engine.credentials.resetCounts();
	const outcome = outputOf(await run(ITEMS), TESTED_NODE);
	if (outcome.length !== ITEMS) throw new Error('The run did not end');
	const { token, calls } = await recorder.summary();
	const { reads, writes } = engine.credentials;
	await simulator.close();
	await engine.stop();
	return [
		state.name,
		way.name,
		token,
		calls.length - token,
		outcome.filter(({ failed }) => failed).length,
		reads,
		writes,
	];
}

async function main(): Promise<void> {
	console.log('| 50 items at once | Way | Token calls | API calls | Failed items | DB reads | DB writes |');
	console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: |');
	for (const state of STATES) {
		for (const way of WAYS) console.log(`| ${(await measure(way, state)).join(' | ')} |`);
	}
}

void main();
