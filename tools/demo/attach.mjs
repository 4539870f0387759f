/**
 * Adds the demo's simulator and examples to an n8n that is running already, in Docker for instance:
 * `node tools/demo/attach.mjs N8N_URL [SIMULATOR_PORT]`. Runs until it is stopped.
 */
import { join } from 'node:path';
import { RestSession } from '../n8n/rest.mjs';
import { startSimulator } from '../simulator.mjs';
import { addExamples } from './examples.mjs';
import { homeSecrets } from './homeSecrets.mjs';
import { welcome } from './welcome.mjs';

const [n8n, port = '4010'] = process.argv.slice(2);
if (!n8n) throw new Error('Usage: attach.mjs N8N_URL [SIMULATOR_PORT]');

const simulator = await startSimulator(Number(port), new URL(n8n).port || 80);
const answers = async () =>
	(await (await fetch(`${n8n}/rest/settings`).catch(() => undefined))?.text())?.includes('"data"');
while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 1000));

const { password, isNew } = homeSecrets(join(import.meta.dirname, '../../.cache/attached'));
const rest = new RestSession(n8n, password);
await rest.signIn();
const workflows = await addExamples(rest, { n8n, simulator: simulator.value });
console.log(welcome(n8n, simulator.value, workflows.length, { password, isNew }));
process.exitCode = 0;
