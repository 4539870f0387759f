/**
 * The packed package in real n8n, the newest and the oldest supported: installed as a user does it, used as a user does
 * it, against the simulator. `npm run test:n8n`, or with versions: `npm run test:n8n -- 2.41.1`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ensureN8n, versions } from '../../tools/n8n/ensure.mjs';
import { N8n } from '../../tools/n8n/n8n.mjs';
import { packInto } from '../../tools/pack.mjs';
import { controlOf, simulatorCredential, startSimulator } from '../../tools/simulator.mjs';
import { testEditions } from './editions.mjs';
import { agentFault } from './mcp.mjs';
import { testPollingTrigger } from './pollingTrigger.mjs';
import { signInFault } from './signIn.mjs';
import { testTriggerLife } from './triggerLife.mjs';
import { streamFault } from './triggers.mjs';
import { testWebhookTrigger } from './webhookTrigger.mjs';

const root = join(import.meta.dirname, '../..');

const readJson = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

/** What the docs ask users to import must run as it is. Those that wait for DingTalk are activated instead, in triggers.mjs. */
const workflows = ['test/n8n/workflows', 'examples']
	.flatMap((folder) =>
		readdirSync(join(root, folder)).map((name) => ({ file: join(folder, name), ...readJson(join(folder, name)) })),
	)
	.filter(({ nodes }) => nodes.some(({ type }) => type === 'n8n-nodes-base.manualTrigger'));

/** `n8n-nodes-….dingTalkCalendar` for `dist/nodes/DingTalkCalendar/DingTalkCalendar.node.js`. */
const { name: PACKAGE, n8n: manifest } = readJson('package.json');
const nodeTypes = manifest.nodes.map((file) => {
	const [className] = basename(file).split('.');
	return `${PACKAGE}.${className[0].toLowerCase()}${className.slice(1)}`;
});

let passed = 0;
let failed = 0;
async function check(what, work) {
	const start = Date.now();
	let fault;
	try {
		fault = await work();
	} catch (error) {
		fault = error.message;
	}
	if (fault) failed += 1;
	else passed += 1;
	console.log(`${fault ? 'FAILED' : 'ok    '} ${what} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
	if (fault) console.log(fault.replace(/^/gm, '         '));
}

/** Why a run is not what a user hopes for; undefined where it is. */
function faultOf(run, workflow) {
	const { error, runData } = run.data.resultData;
	if (error) return `${error.node?.name ?? 'n8n'}: ${error.message}\n${error.description ?? ''}`;
	const silent = workflow.nodes
		// A trigger waits for something of its own; here the workflow is started by hand.
		.filter(({ type, disabled }) => nodeTypes.includes(type) && !type.endsWith('Trigger') && !disabled)
		.filter(({ name }) => !runData[name]?.some(({ data }) => data?.main?.flat().length));
	return silent.length ? `no items from: ${silent.map(({ name }) => name).join(', ')}` : undefined;
}

/** n8n's own HTTP Request node, twice, with our credential. */
function httpRequestWorkflow(url) {
	const request = (name, position) => ({
		id: name,
		name,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [position, 0],
		parameters: {
			url,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'dingTalkCalendarApi',
			options: {},
		},
		credentials: { dingTalkCalendarApi: { id: '1', name: 'DingTalk' } },
	});
	const start = {
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const to = (node) => ({ main: [[{ node, type: 'main', index: 0 }]] });
	return {
		name: 'HTTP Request',
		nodes: [start, request('First', 200), request('Second', 400)],
		connections: { Start: to('First'), First: to('Second') },
		settings: {},
	};
}

/** DingTalk answers 400 to a token it took back; n8n itself renews on 401 only. */
async function httpRequestFault(n8n, simulatorUrl) {
	const control = controlOf(simulatorUrl);
	await control('reset', {});
	const [person] = (await control('state')).people;
	const path = `/v1.0/calendar/users/${person.unionId}/calendars`;
	await control('faults', [{ match: { path, nth: 2 }, do: 'expireToken' }]);
	const id = 'httpRequestWorkflow';
	await n8n.importWorkflows([{ ...httpRequestWorkflow(simulatorUrl + path), id }]);
	const { error } = (await n8n.execute(id)).data.resultData;
	if (error) return `${error.node?.name}: ${error.message}`;
	const { calls } = await control('calls');
	const seen = calls
		.map(({ path: called, status }) => `${called === path ? 'calendars' : 'token'} ${status}`)
		.join(', ');
	const expected = 'token 200, calendars 200, calendars 400, token 200, calendars 200';
	return seen === expected ? undefined : `expected ${expected}\nbut saw  ${seen}`;
}

/** The editor's lists, through the calls that the editor makes. */
async function listsFault(server, credential, simulatorUrl) {
	const { people, rooms } = await controlOf(simulatorUrl)('state');
	const [person] = people;
	const list = async (methodName, field, filter) => {
		const credentials = { dingTalkCalendarApi: credential };
		const parameters = {
			resource: 'event',
			operation: 'create',
			user: { __rl: true, mode: 'unionId', value: person.unionId },
		};
		const { results } = await server.rest.searchList({
			type: `${PACKAGE}.dingTalkCalendar`,
			credentials,
			methodName,
			field,
			filter,
			parameters,
		});
		return results.map(({ name }) => name).join('\n');
	};
	if (!(await list('searchPeople', 'user', person.name)).includes(person.name))
		return `${person.name} is not in the list of people`;
	const [{ roomName }] = rooms;
	if (!(await list('searchRooms', 'rooms', roomName)).includes(roomName))
		return `${roomName} is not in the list of rooms`;
	return (await list('searchCalendars', 'calendarId', '')) === '' ? 'the list of calendars is empty' : undefined;
}

/** The token runs out, as DingTalk sees it, before its time: the second run of the same server must not notice. */
async function staleFault(server, workflow, credential, simulatorUrl) {
	const nodes = workflow.nodes.map((node) =>
		node.credentials ? { ...node, credentials: { dingTalkCalendarApi: credential } } : node,
	);
	const { id } = await server.rest.createWorkflow({ ...workflow, nodes });
	const start = nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger').name;
	const control = controlOf(simulatorUrl);
	for (const fault of [undefined, 'expireToken']) {
		await control('reset', {});
		if (fault) await control('faults', [{ match: { path: '/v1.0/calendar', nth: 1 }, do: fault }]);
		const { status, data } = await server.rest.run(id, start);
		if (status !== 'success') return `${fault ?? 'first run'}: ${status} ${data.resultData.error?.message ?? ''}`;
		const { calls } = await control('calls');
		if (fault && !calls.some((call) => call.status === 400)) return `${fault} did not strike`;
	}
	return undefined;
}

async function testServer(n8n, named, imported, simulatorUrl) {
	let server;
	await check(named('starts and offers the nodes'), async () => {
		server = await n8n.start();
		const offered = (await server.rest.nodeTypes()).map(({ name }) => name);
		return nodeTypes.filter((type) => !offered.includes(type)).join(', ');
	});
	if (!server) return;
	try {
		// As the editor runs them; the command line takes seconds to start for each.
		for (const [index, workflow] of imported.entries()) {
			await check(named(`runs ${workflows[index].file}`), async () => {
				await controlOf(simulatorUrl)('reset', {});
				const start = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger').name;
				return faultOf(await server.rest.run(workflow.id, start), workflow);
			});
		}
		for (const [secret, expected] of [
			['sim-secret', 'OK'],
			['wrong', 'Error'],
		]) {
			await check(named(`credential test with secret '${secret}' says ${expected}`), async () => {
				const { status, message } = await server.rest.testCredential(simulatorCredential(simulatorUrl, secret));
				return status === expected ? undefined : `${status}: ${message}`;
			});
		}
		const { id, name } = await server.rest.createCredential('DingTalk simulator', simulatorCredential(simulatorUrl));
		const credential = { id, name };
		await check(
			named('offers people, rooms and calendars in lists'),
			async () => await listsFault(server, credential, simulatorUrl),
		);
		await check(named('runs on when the token has gone stale'), async () => {
			const workflow = workflows.find(({ file }) => file === 'test/n8n/workflows/event-life.json');
			return await staleFault(server, workflow, credential, simulatorUrl);
		});
		await check(named('is a tool for an AI agent, through the MCP Server Trigger'), async () => {
			const { folder: n8nFolder } = ensureN8n(n8n.version);
			return await agentFault({ server, n8nFolder, simulatorUrl, credential });
		});
		await testPollingTrigger(check, named, server, simulatorUrl, simulatorCredential(simulatorUrl));
		await testWebhookTrigger(check, named, server, simulatorUrl, simulatorCredential(simulatorUrl));
	} finally {
		await server.stop();
	}
}

async function testVersion(version, tarball, simulatorUrl) {
	const userFolder = mkdtempSync(join(tmpdir(), `n8n-${version}-`));
	const named = (what) => `n8n ${version}: ${what}`;
	try {
		let n8n;
		await check(named('installs the package and takes the credential'), async () => {
			n8n = new N8n(version, userFolder, tarball);
			await n8n.importCredential(simulatorCredential(simulatorUrl));
		});
		// In one command: each takes seconds to start.
		const identified = workflows.map(({ file, ...workflow }, index) => ({ ...workflow, id: `smokeWorkflow${index}` }));
		await check(named('imports the workflows'), async () => await n8n.importWorkflows(identified));
		const [first] = identified;
		await check(named(`runs ${workflows[0].file} from the command line`), async () => {
			await controlOf(simulatorUrl)('reset', {});
			return faultOf(await n8n.execute(first.id), first);
		});
		await check(
			named("keeps n8n's HTTP Request node going when DingTalk takes the token back"),
			async () => await httpRequestFault(n8n, simulatorUrl),
		);
		await testServer(n8n, named, identified, simulatorUrl);
		await check(
			named('exchanges a sign-in code once, and keeps the user signed in over a restart'),
			async () => await signInFault(n8n, simulatorUrl),
		);
		await check(
			named('follows changes over Stream, also through a restart, or says why it cannot'),
			async () => await streamFault(n8n, readJson('examples/tell-what-changed.json'), simulatorUrl),
		);
		if (version === versions[0])
			await testTriggerLife(check, named, n8n, simulatorUrl, simulatorCredential(simulatorUrl));
	} finally {
		rmSync(userFolder, { recursive: true, force: true });
	}
}

const tested = process.argv.length > 2 ? process.argv.slice(2) : versions;
tested.forEach(ensureN8n);

const temporary = mkdtempSync(join(tmpdir(), 'packed-'));
const tarball = packInto(temporary);
const tarballs = [tarball, packInto(temporary, 'zh')];
const simulator = await startSimulator();
try {
	for (const version of tested) {
		await testVersion(version, tarball, simulator.value);
		await testEditions(check, (what) => `n8n ${version}: ${what}`, version, tarballs, simulator.value);
	}
} finally {
	await simulator.stop();
	rmSync(temporary, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
