/** Adds credentials and the example workflows to an n8n. What was changed in them there is kept. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CREDENTIALS, credentialTypesOf, isOurs, isTrigger, registerCallback } from './parts.mjs';

const root = join(import.meta.dirname, '../..');
/** The examples of each edition. */
const FOLDERS = { en: join(root, 'examples'), zh: join(root, 'locales/zh-CN/examples') };

export function readExamples(language = 'en') {
	const folder = FOLDERS[language];
	return readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => ({ file, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));
}

/** Returns what nodes write to refer to the credentials. */
async function addCredentials(rest, simulatorUrl) {
	const present = await rest.credentials();
	const references = {};
	for (const [type, { name, data }] of Object.entries(CREDENTIALS)) {
		const known = present.find((credential) => credential.type === type && credential.name === name);
		// The simulator may have got another port than last time.
		const { id } = known
			? await rest.updateCredential(known.id, { name, type, data: data(simulatorUrl) })
			: await rest.call('POST', '/rest/credentials', { name, type, data: data(simulatorUrl) });
		references[type] = { id, name };
	}
	return references;
}

/** Returns the examples with the ID each has in this n8n. */
async function addWorkflows(rest, simulatorUrl, language) {
	const references = await addCredentials(rest, simulatorUrl);
	const present = await rest.workflows();
	const added = [];
	for (const { file, ...workflow } of readExamples(language)) {
		const known = present.find(({ name }) => name === workflow.name);
		const nodes = workflow.nodes.map((node) => ({
			...node,
			...(isOurs(node) && {
				credentials: Object.fromEntries(credentialTypesOf(node).map((type) => [type, references[type]])),
			}),
		}));
		const { id } = known ?? (await rest.createWorkflow({ ...workflow, nodes }));
		added.push({ file, id, ...workflow, trigger: workflow.nodes.find(isTrigger) });
	}
	return added;
}

/** Adds everything and activates the workflows that start with a trigger. */
export async function addExamples(rest, { n8n, simulator }, language) {
	const workflows = await addWorkflows(rest, simulator, language);
	for (const { id, trigger } of workflows.filter((workflow) => workflow.trigger)) {
		await rest.activate(id);
		await registerCallback(simulator, n8n, trigger);
	}
	return workflows;
}
