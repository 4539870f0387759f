/**
 * `npm run dev`: the demo for people who change the package. Whenever a source is saved, what changed is built, put into
 * n8n and loaded there; the open editor shows it at once. Types are checked by the editor or `npm run typecheck`.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ensureBuilt } from '../build/ensure.mjs';
import { start } from './start.mjs';
import { welcome } from './welcome.mjs';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');
const LOOK_EVERY_MS = 700;
const RELOADED = 'Hot reload triggered for n8n-nodes-dingtalk-calendar';

console.log('\nDingTalk Calendar for n8n: development\n');
const { n8n, server, simulator, workflows, secrets } = await start({
	userFolder: join(root, '.cache/dev'),
	settings: { N8N_DEV_RELOAD: 'true' },
});
const installed = join(n8n.packageFolder, 'dist');
console.log(`${welcome(server.url, simulator.value, workflows.length, secrets)}
  Save a file under lib, nodes, credentials or icons, and n8n loads it. A new node or credential in package.json needs a
  new start. Press Ctrl-C to stop.
`);

// From here on it only waits to be stopped.
process.exitCode = 0;

const seen = new Map();
let complaint = '';
for (;;) {
	await setTimeout(LOOK_EVERY_MS);
	try {
		await ensureBuilt({ quiet: true });
		const changed = copyChanges();
		if (changed.length > 0) await reload(changed);
		complaint = '';
	} catch ({ message }) {
		// Once, not at every look.
		if (message !== complaint) console.error(message);
		complaint = message;
	}
}

/** Brings the installed package to the state of `dist`; returns what differed. */
function copyChanges() {
	const files = filesUnder(dist);
	const changed = files.filter((file) => !isSame(join(dist, file), join(installed, file)));
	for (const file of changed) {
		const target = join(installed, file);
		mkdirSync(dirname(target), { recursive: true });
		copyFileSync(join(dist, file), `${target}.new`);
		renameSync(`${target}.new`, target);
	}
	const removed = filesUnder(installed).filter((file) => !existsSync(join(dist, file)));
	for (const file of removed) rmSync(join(installed, file));
	return [...changed, ...removed];
}

function filesUnder(folder) {
	return readdirSync(folder, { recursive: true }).filter((file) => statSync(join(folder, file)).isFile());
}

/** A file that is as it was at the last look is not read again. */
function isSame(file, other) {
	const { mtimeMs, size, ino } = statSync(file);
	const version = `${mtimeMs} ${size} ${ino}`;
	if (seen.get(file) === version) return true;
	seen.set(file, version);
	return existsSync(other) && readFileSync(file).equals(readFileSync(other));
}

/** n8n sees the changed files itself. Active triggers go on with the old code until they are activated again. */
async function reload(files) {
	const before = timesReloaded();
	const deadline = Date.now() + 10_000;
	while (timesReloaded() === before && Date.now() < deadline) await setTimeout(100);
	const names = files.length > 4 ? `${files.length} files` : files.join(', ');
	if (timesReloaded() === before) return console.error(`  ✗ n8n did not reload ${names}: stop and start again.`);

	const active = (await server.rest.workflows()).filter((workflow) => workflow.active);
	for (const { id } of active) {
		await server.rest.deactivate(id);
		await server.rest.activate(id);
	}
	console.log(`  ✓ ${new Date().toLocaleTimeString()} reloaded ${names}, restarted ${active.length} active triggers`);
}

function timesReloaded() {
	return server.output().split(RELOADED).length - 1;
}
