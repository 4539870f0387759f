/**
 * A real n8n with this package and a DingTalk to go with it, both on this machine. `npm run demo` leaves them running
 * until Ctrl-C; `npm run demo -- --once` runs the example workflows without a browser and prints what happened.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureN8n, versions } from '../n8n/ensure.mjs';
import { N8n } from '../n8n/n8n.mjs';
import { packInto } from '../pack.mjs';
import { freePort } from '../processes.mjs';
import { step } from '../progress.mjs';
import { startSimulator } from '../simulator.mjs';
import { heard, runExamples } from './report.mjs';
import { furnish } from './stock.mjs';
import { welcome } from './welcome.mjs';

const USAGE = `Usage: npm run demo [-- --once] [-- --fresh]
  --once    run the example workflows without a browser, print what happened, and end
  --fresh   forget the n8n of earlier demos and begin anew`;

const known = ['--once', '--fresh'];
const wishes = process.argv.slice(2);
if (wishes.some((wish) => !known.includes(wish))) {
	console.error(USAGE);
	process.exit(2);
}

const [version] = versions;
const home = join(import.meta.dirname, '../../.cache/demo');
const userFolder = join(home, wishes.includes('--once') ? 'once' : 'n8n');

/** In a process of its own, so that this one can show how far it is. */
const prepareN8n = () =>
	new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [join(import.meta.dirname, '../n8n/ensure.mjs'), version], {
			stdio: ['ignore', 'ignore', 'inherit'],
		});
		child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`n8n ${version} could not be installed`))));
	});

async function start() {
	console.log('\nDingTalk Calendar for n8n: demo\n');
	await step(`n8n ${version} (the first time: some minutes and about 2.5 GB)`, prepareN8n);
	ensureN8n(version);
	if (wishes.includes('--once') || wishes.includes('--fresh')) rmSync(userFolder, { recursive: true, force: true });
	mkdirSync(home, { recursive: true });
	const tarball = await step('Package built and packed', () => packInto(home));
	const simulator = await step('A DingTalk on this machine', async () => await startSimulator(await freePort(4010)));
	const port = String(await freePort(5678));
	const n8n = await step(
		'Package installed in n8n',
		() => new N8n(version, userFolder, tarball, { N8N_PORT: port, GENERIC_TIMEZONE: 'Asia/Shanghai' }),
	);
	const server = await step('n8n started', () => n8n.start());
	const addresses = { n8n: server.url, simulator: simulator.value };
	const workflows = await step('Credentials, example workflows, triggers', () => furnish(server.rest, addresses));
	return { simulator, server, workflows };
}

const { simulator, server, workflows } = await start();

if (wishes.includes('--once')) {
	const { failed, text } = await runExamples(server.rest, workflows);
	console.log(`\n${text}\n`);
	console.log(await heard(server.rest, workflows));
	await server.stop();
	await simulator.stop();
	process.exit(failed === 0 ? 0 : 1);
}

console.log(`${welcome(server.url, simulator.value, workflows.length)}
  Ctrl-C ends everything. Your workflows are kept for the next time; npm run demo -- --fresh forgets them.
`);

// From here on, being ended is what it waits for.
process.exitCode = 0;
