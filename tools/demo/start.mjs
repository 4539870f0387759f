/** What `npm run demo` and `npm run dev` have in common: n8n with the package, a simulated DingTalk, the examples. */
import { mkdirSync, rmSync } from 'node:fs';
import { ensureN8n, isInstalled, versions } from '../n8n/ensure.mjs';
import { N8n } from '../n8n/n8n.mjs';
import { packInto } from '../pack.mjs';
import { freePort } from '../processes.mjs';
import { step } from '../progress.mjs';
import { startSimulator } from '../simulator.mjs';
import { addExamples } from './examples.mjs';
import { homeSecrets } from './homeSecrets.mjs';

const [version] = versions;

/**
 * Starts everything; `stop` ends it. What users change in n8n stays in `userFolder` until `fresh` is set.
 * @param {{ userFolder: string, fresh?: boolean, settings?: object, language?: string }} options
 */
export async function start({ userFolder, fresh = false, settings = {}, language = 'en' }) {
	if (!isInstalled(version)) {
		console.log(`  The first start downloads n8n ${version} into the folder .cache: about 2.6 GB, 3 to 10 minutes.
  Not now? npm run try runs the same examples in seconds and downloads nothing.
`);
	}
	ensureN8n(version);
	if (fresh) rmSync(userFolder, { recursive: true, force: true });
	mkdirSync(userFolder, { recursive: true });
	const secrets = homeSecrets(userFolder);

	const tarball = await step('Build and pack the package', () => packInto(userFolder, language));
	const n8nPort = await freePort(5678);
	const simulator = await step(
		'Start the DingTalk simulator',
		async () => await startSimulator(await freePort(4010), n8nPort),
	);
	const ports = {
		N8N_PORT: String(n8nPort),
		GENERIC_TIMEZONE: 'Asia/Shanghai',
		N8N_ENCRYPTION_KEY: secrets.encryptionKey,
	};
	const n8n = await step(
		'Install the package in n8n',
		() => new N8n(version, userFolder, tarball, { ...ports, ...settings }),
	);
	const server = await step('Start n8n', () => n8n.start(secrets.password));
	const addresses = { n8n: server.url, simulator: simulator.value };
	const workflows = await step('Add credentials and example workflows, activate triggers', () =>
		addExamples(server.rest, addresses, language),
	);
	const stop = async () => {
		await server.stop();
		await simulator.stop();
	};
	return { n8n, server, simulator, workflows, secrets, stop };
}
