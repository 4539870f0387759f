/**
 * Shows a node as its users see it: the packed package in the newest n8n, connected to the simulator, a workflow from a
 * file, and pictures of one of its nodes before and after a run. Leaves nothing running.
 * `node tools/browser/open-editor.mjs WORKFLOW.json NODE_NAME FOLDER`
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versions } from '../n8n/ensure.mjs';
import { N8n } from '../n8n/n8n.mjs';
import { packInto } from '../pack.mjs';
import { simulatorCredential, startSimulator } from '../simulator.mjs';
import { takeShots } from './shot.mjs';

const [file, nodeName, folder] = process.argv.slice(2);
if (!folder) throw new Error('Usage: open-editor.mjs WORKFLOW.json NODE_NAME FOLDER');
const workflow = JSON.parse(readFileSync(file, 'utf8'));

const temporary = mkdtempSync(join(tmpdir(), 'editor-'));
const started = [];
try {
	const simulator = await startSimulator();
	started.push(simulator);
	const n8n = new N8n(versions[0], join(temporary, 'user'), packInto(temporary));
	await n8n.importCredential(simulatorCredential(simulator.value));
	const id = await n8n.importWorkflow('shownWorkflow1', workflow);
	const server = await n8n.start();
	started.push(server);
	await takeShots(server.url, id, nodeName, folder);
} finally {
	for (const { stop } of started.reverse()) await stop();
	rmSync(temporary, { recursive: true, force: true });
}
