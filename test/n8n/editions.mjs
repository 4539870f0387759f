/**
 * Both editions in one real n8n: an exported workflow of one runs in the other once the package name is replaced, and each
 * speaks its own language. A part of `npm run test:n8n`; alone: `node test/n8n/editions.mjs [VERSION]`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inEdition } from '../../tools/demo/parts.mjs';
import { versions } from '../../tools/n8n/ensure.mjs';
import { N8n } from '../../tools/n8n/n8n.mjs';
import { packInto } from '../../tools/pack.mjs';
import { controlOf, simulatorCredential, startSimulator } from '../../tools/simulator.mjs';

const PACKAGE = 'n8n-nodes-dingtalk-calendar';
const HAN = /\p{Script=Han}/u;
const example = readFileSync(join(import.meta.dirname, '../../examples/weekly-meeting.json'), 'utf8');

const startOf = ({ nodes }) => nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger').name;

/** What n8n exports of a workflow: what its editor downloads as a file. */
const exported = ({ name, nodes, connections, settings }) =>
	JSON.stringify({ name, nodes, connections, settings, pinData: {} }, null, 2);

const intoEnglish = (json) => json.replaceAll(`"${PACKAGE}-zh.`, `"${PACKAGE}.`);

/** The names of fields that each node returns, and what it says about its run. */
function resultOf({ data }) {
	return Object.entries(data.resultData.runData).map(([node, [run]]) => ({
		node,
		fields: run.data?.main?.flat().map(({ json }) => Object.keys(json).sort().join()),
		hints: (run.hints ?? []).map(({ message }) => message),
	}));
}

const fieldsOf = (results) => JSON.stringify(results.map(({ node, fields }) => [node, fields]));

/** Runs an exported workflow with this credential; returns what n8n stored and what came of it. */
async function runExported(rest, json, credential) {
	const workflow = JSON.parse(json);
	const nodes = workflow.nodes.map((node) =>
		node.credentials ? { ...node, credentials: { dingTalkCalendarApi: credential } } : node,
	);
	const { id } = await rest.createWorkflow({ ...workflow, nodes });
	const stored = await rest.workflow(id);
	const run = await rest.run(id, startOf(stored));
	return { stored, error: run.data.resultData.error, results: resultOf(run), status: run.status };
}

/** There and back again; undefined if both runs return the same fields, and each edition speaks its language. */
async function exchangeFault(rest, credential) {
	const english = await runExported(rest, example, credential);
	if (english.status !== 'success') return `English: ${english.error?.message}`;
	const chinese = await runExported(rest, inEdition(exported(english.stored), 'zh'), credential);
	if (chinese.status !== 'success') return `Chinese: ${chinese.error?.message}`;
	const again = await runExported(rest, intoEnglish(exported(chinese.stored)), credential);
	if (again.status !== 'success') return `English again: ${again.error?.message}`;
	for (const { results } of [chinese, again])
		if (fieldsOf(results) !== fieldsOf(english.results))
			return `the fields differ:\n${fieldsOf(english.results)}\n${fieldsOf(results)}`;
	const saidIn = ({ results }) => results.flatMap(({ hints }) => hints);
	if (saidIn(english).some((hint) => HAN.test(hint))) return `English hints: ${saidIn(english).join(' ')}`;
	if (!saidIn(chinese).length || saidIn(chinese).some((hint) => !HAN.test(hint)))
		return `Chinese hints: ${saidIn(chinese).join(' ')}`;
	return undefined;
}

/** An end before the start, in both editions. */
async function mistakeFault(rest, credential) {
	const mistaken = example.replace('set({ hour: 11 })', 'set({ hour: 9 })');
	const english = await runExported(rest, mistaken, credential);
	if (!/'End'.*'Start'/.test(english.error?.message)) return `English: ${english.error?.message}`;
	const chinese = await runExported(rest, inEdition(mistaken, 'zh'), credential);
	const { message, description } = chinese.error ?? {};
	return /“结束时间”.*“开始时间”/.test(message) && HAN.test(description)
		? undefined
		: `Chinese: ${message}\n${description}`;
}

/** Whether the node search finds both by the words of either language. */
function searchFault(types, names) {
	for (const name of names) {
		const { codex, displayName } = types.find((type) => type.name === name) ?? {};
		const words = [displayName, ...(codex?.alias ?? [])].join(' ');
		for (const word of ['钉钉', '日程', 'DingTalk']) if (!words.includes(word)) return `${name}: ${words}`;
	}
	return undefined;
}

export async function testEditions(check, named, version, tarballs, simulatorUrl) {
	const userFolder = mkdtempSync(join(tmpdir(), `n8n-editions-${version}-`));
	const [english, chinese] = tarballs;
	let server;
	try {
		await check(named('starts with both editions installed'), async () => {
			const n8n = new N8n(version, userFolder, english);
			n8n.install(chinese);
			server = await n8n.start();
			const types = await server.rest.nodeTypes();
			const nodes = ['', 'Trigger', 'PollingTrigger', 'WebhookTrigger'].flatMap((kind) =>
				[PACKAGE, `${PACKAGE}-zh`].map((name) => `${name}.dingTalkCalendar${kind}`),
			);
			return searchFault(types, nodes);
		});
		if (!server) return;
		await controlOf(simulatorUrl)('reset', {});
		const { id, name } = await server.rest.createCredential('Both', simulatorCredential(simulatorUrl));
		await check(
			named('runs an exported workflow of each edition in the other after the package name is replaced'),
			async () => await exchangeFault(server.rest, { id, name }),
		);
		await check(
			named('explains a mistake in the language of the edition'),
			async () => await mistakeFault(server.rest, { id, name }),
		);
	} finally {
		await server?.stop();
		rmSync(userFolder, { recursive: true, force: true });
	}
}

/** As part of nothing else: what fails is printed as it is. */
async function main(version = versions[0]) {
	const temporary = mkdtempSync(join(tmpdir(), 'packed-'));
	const simulator = await startSimulator();
	const check = async (what, work) => {
		const fault = await work();
		console.log(`${fault ? 'FAILED' : 'ok    '} ${what}${fault ? `\n${fault}` : ''}`);
		if (fault) process.exitCode = 1;
	};
	try {
		const tarballs = ['en', 'zh'].map((language) => packInto(temporary, language));
		await testEditions(check, (what) => `n8n ${version}: ${what}`, version, tarballs, simulator.value);
	} finally {
		await simulator.stop();
		rmSync(temporary, { recursive: true });
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv[2]);
