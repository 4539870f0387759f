/**
 * Real n8n for the benchmarks: one for each name given, with this package in it. Takes commands, line by line, and
 * says of each run what it took of n8n's process and what n8n keeps of it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { N8n } from '../../../tools/n8n/n8n.mjs';
import { packInto } from '../../../tools/pack.mjs';
import { freePort } from '../../../tools/processes.mjs';
import { simulatorCredential } from '../../../tools/simulator.mjs';
import { until } from '../../n8n/until.mjs';

const [version, ...names] = process.argv.slice(2);
/** What n8n does after a run, such as keeping it, belongs to the run. */
const AFTERWARDS_MS = 200;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const temporary = mkdtempSync(join(tmpdir(), 'bench-'));
const servers = new Map();

async function start(name, tarball) {
	const port = String(await freePort());
	const settings = {
		METER_PORT: port,
		METER_HEAP_GROWTH: process.env.METER_HEAP_GROWTH ?? '',
		NODE_OPTIONS: `--require=${join(import.meta.dirname, '../meter.cjs')}`,
		N8N_LOG_LEVEL: 'error',
	};
	const server = await new N8n(version, join(temporary, name), tarball, settings).start();
	const meter = async (what) => await (await fetch(`http://127.0.0.1:${port}/${what}`)).json();
	servers.set(name, { ...server, meter });
}

/** The status of the response, however long it takes: `fetch` gives up after five minutes. */
const post = (url, body) =>
	new Promise((resolve, reject) => {
		const headers = { 'content-type': 'application/json' };
		const outgoing = request(url, { method: 'POST', headers }, (response) => {
			response.resume().on('end', () => resolve(response.statusCode));
		});
		outgoing.on('error', reject).end(JSON.stringify(body));
	});

/** A workflow that was activated a moment ago is not called yet. */
const call = ({ url, meter }, path, body) =>
	until(`an answer of ${path}`, async () => {
		await meter('start');
		return (await post(`${url}/webhook/${path}`, body)) !== 404;
	});

/** From when the first of the steps began until the last had ended, as n8n keeps it. */
function wallMs(runs, steps) {
	const all = steps.flatMap((step) => runs[step] ?? []);
	return (
		Math.max(...all.map(({ startTime, executionTime }) => startTime + executionTime)) -
		Math.min(...all.map(({ startTime }) => startTime))
	);
}

const deeds = {
	async credential({ rest }, { name, url, callsPerSecond }) {
		const { id } = await rest.createCredential(name, { ...simulatorCredential(url), callsPerSecond });
		return { id, name };
	},
	async workflow({ rest }, workflow) {
		const { id } = await rest.createWorkflow(workflow);
		await rest.activate(id);
		return { id };
	},
	async run(server, { id, path, body, steps }) {
		await call(server, path, body);
		await pause(AFTERWARDS_MS);
		const took = await server.meter('');
		const [{ id: execution }] = await server.rest.executions(id, undefined, 1);
		const { status, data } = await server.rest.ended(execution);
		const { runData } = data.resultData;
		const output = runData[steps.at(-1)]?.at(-1)?.data?.main?.[0] ?? [];
		return {
			...took,
			wallMs: wallMs(runData, steps),
			succeeded: status === 'success',
			output: output.map(({ json }) => json),
		};
	},
};

async function main() {
	const tarball = packInto(temporary);
	for (const name of names) await start(name, tarball);
	console.log(JSON.stringify({ answer: 'ready' }));
	for await (const line of createInterface({ input: process.stdin })) {
		const { name, deed, about } = JSON.parse(line);
		console.log(JSON.stringify({ answer: await deeds[deed](servers.get(name), about) }));
	}
}

await main().finally(async () => {
	for (const { stop } of servers.values()) await stop();
	rmSync(temporary, { recursive: true, force: true });
});
process.exit();
