/** A real n8n: its command line, its server, its workers. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startServer } from '../processes.mjs';
import { ensureN8n } from './ensure.mjs';
import { installPackage } from './install-package.mjs';
import { RestSession } from './rest.mjs';

/** Settings with which n8n calls no server and keeps everything in its user folder. */
const quiet = {
	DB_SQLITE_POOL_SIZE: '4',
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	GENERIC_TIMEZONE: 'UTC',
	N8N_AI_ENABLED: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_ENCRYPTION_KEY: 'only-for-tests',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	// The command line prints its results through the logger.
	N8N_LOG_LEVEL: 'info',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_RUNNERS_MODE: 'internal',
	N8N_SECURE_COOKIE: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	TZ: 'UTC',
};

/** The JSON among the lines that `n8n execute` prints; empty as long as its last brace is not there. */
export function resultIn(printed) {
	const lines = printed.split('\n');
	return lines.slice(lines.indexOf('{'), lines.lastIndexOf('}') + 1).join('\n');
}

/** One n8n with a user folder of its own, in which the packed package is installed as a user would. */
export class N8n {
	#installed;
	#userFolder;
	#settings;
	#credentialId;

	/** `settings` are environment variables that differ from those of a quiet n8n on free ports. */
	constructor(version, userFolder, tarball, settings = {}) {
		this.version = version;
		this.#settings = settings;
		this.#installed = ensureN8n(version);
		this.#userFolder = userFolder;
		/** Where n8n loads the package from. */
		this.packageFolder = this.install(tarball);
	}

	/** Installs a package, also beside another one; returns its folder. */
	install(tarball) {
		return installPackage(tarball, this.#userFolder, this.#installed.environment);
	}

	/** Every process gets its own ports: two of them may run on the same user folder. */
	async #environment() {
		// This module calls n8n's servers at every start. An n8n that does not know a module refuses its name.
		const module = 'mcp-registry';
		const known = existsSync(join(this.#installed.folder, 'node_modules/n8n/dist/modules', module));
		return {
			...this.#installed.environment,
			...quiet,
			...(known && { N8N_DISABLED_MODULES: module }),
			N8N_USER_FOLDER: this.#userFolder,
			N8N_PORT: String(await freePort()),
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
			...this.#settings,
		};
	}

	/** Runs one n8n command; returns what it printed. */
	async command(...args) {
		// Not the synchronous way: kept connections (to the simulator) would die unnoticed meanwhile.
		const { stdout } = await promisify(execFile)('node', [this.#installed.command, ...args], {
			env: await this.#environment(),
			maxBuffer: 256 * 1024 * 1024,
			timeout: 180_000,
		}).catch(({ code, signal, stdout, stderr }) => {
			const message = `n8n ${args[0]} ended with ${code ?? signal}:\n${(stdout + stderr).slice(-3000)}`;
			throw Object.assign(new Error(message), { signal, stdout });
		});
		return stdout;
	}

	async #import(what, items) {
		const folder = join(this.#userFolder, 'imports');
		mkdirSync(folder, { recursive: true });
		const file = join(folder, `${what}-${items[0].id}.json`);
		writeFileSync(file, JSON.stringify(items));
		const load = async () => await this.command(`import:${what}`, `--input=${file}`);
		// What is imported has an ID: a second time replaces it.
		await load().catch(async (error) => (error.signal === 'SIGSEGV' ? await load() : Promise.reject(error)));
	}

	async importCredential(data) {
		const credential = { id: 'smokeCredential1', name: 'DingTalk simulator', type: 'dingTalkCalendarApi', data };
		await this.#import('credentials', [credential]);
		this.#credentialId = credential.id;
	}

	/** Imports exported workflows by their IDs, with the imported credential in place of the one they were made with. */
	async importWorkflows(workflows) {
		const credentials = { dingTalkCalendarApi: { id: this.#credentialId, name: 'DingTalk simulator' } };
		const connected = ({ nodes, ...workflow }) => ({
			...workflow,
			nodes: nodes.map((node) => (node.credentials?.dingTalkCalendarApi ? { ...node, credentials } : node)),
		});
		await this.#import('workflow', workflows.map(connected));
	}

	/** Executes an imported workflow; returns what n8n keeps of the run. */
	async execute(id) {
		const printed = await this.command('execute', `--id=${id}`, '--rawOutput').catch((error) => {
			// Only native code ends that way, and the package has none. n8n's own was seen to while it shut down: by then the
			// run is over, and its whole result is printed.
			if (error.signal !== 'SIGSEGV' || !resultIn(error.stdout)) throw error;
			console.log(`n8n ${this.version} crashed (SIGSEGV) while it shut down, after it had printed the whole result.`);
			return error.stdout;
		});
		return JSON.parse(resultIn(printed));
	}

	/** One of the processes that carry out executions where n8n runs in queue mode. */
	async startWorker(concurrency) {
		const health = String(await freePort());
		const env = { ...(await this.#environment()), QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: health };
		const ready = async () =>
			(await fetch(`http://127.0.0.1:${health}/healthz/readiness`).catch(() => undefined))?.ok === true;
		return await startServer('node', [this.#installed.command, 'worker', `--concurrency=${concurrency}`], {
			env,
			ready,
		});
	}

	/** One of the processes that receive webhooks where n8n runs in queue mode. */
	async startWebhookProcessor() {
		const port = String(await freePort());
		const env = { ...(await this.#environment()), N8N_PORT: port };
		const url = `http://127.0.0.1:${port}`;
		const ready = async () => (await fetch(`${url}/healthz/readiness`).catch(() => undefined))?.ok === true && url;
		return await startServer('node', [this.#installed.command, 'webhook'], { env, ready });
	}

	/** Starts the server, and signs in as its first user. */
	async start(password) {
		const env = await this.#environment();
		const url = `http://127.0.0.1:${env.N8N_PORT}`;
		// Answers come long before the routes are there.
		const ready = async () => {
			const answer = await fetch(`${url}/rest/settings`).catch(() => undefined);
			return (await answer?.text())?.includes('"data"') && url;
		};
		const { stop, output } = await startServer('node', [this.#installed.command, 'start'], { env, ready });
		const rest = new RestSession(url, password);
		await rest.signIn();
		return { url, rest, stop, output };
	}
}
