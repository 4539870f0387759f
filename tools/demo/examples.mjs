/** Adds credentials and the example workflows to an n8n. What was changed in them there is kept. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CREDENTIALS, credentialTypesOf, isOurs, isTrigger, registerCallback } from './parts.mjs';

const examples = join(import.meta.dirname, '../../examples');

export const readExamples = () =>
	readdirSync(examples)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => ({ file, ...JSON.parse(readFileSync(join(examples, file), 'utf8')) }));

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
async function addWorkflows(rest, simulatorUrl) {
	const references = await addCredentials(rest, simulatorUrl);
	const present = await rest.workflows();
	const added = [];
	for (const { file, ...workflow } of readExamples()) {
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
export async function addExamples(rest, { n8n, simulator }) {
	const workflows = await addWorkflows(rest, simulator);
	for (const { id, trigger } of workflows.filter((workflow) => workflow.trigger)) {
		await rest.activate(id);
		await registerCallback(simulator, n8n, trigger);
	}
	return workflows;
}
