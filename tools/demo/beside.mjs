/**
 * The demo's DingTalk and examples beside an n8n that somebody else started, such as Docker:
 * `node tools/demo/beside.mjs N8N_URL [SIMULATOR_PORT]`. Stays until it is ended.
 */
import { RestSession } from '../n8n/rest.mjs';
import { startSimulator } from '../simulator.mjs';
import { furnish } from './stock.mjs';
import { welcome } from './welcome.mjs';

const [n8n, port = '4010'] = process.argv.slice(2);
if (!n8n) throw new Error('Usage: beside.mjs N8N_URL [SIMULATOR_PORT]');

const simulator = await startSimulator(Number(port));
const answers = async () =>
	(await (await fetch(`${n8n}/rest/settings`).catch(() => undefined))?.text())?.includes('"data"');
while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 1000));

const rest = new RestSession(n8n);
await rest.signIn();
const workflows = await furnish(rest, { n8n, simulator: simulator.value });
console.log(welcome(n8n, simulator.value, workflows.length));
process.exitCode = 0;
