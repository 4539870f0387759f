/** What `npm run demo -- --once` prints: the workflows, their steps, and the changes that triggers received. */
import { readMeteredCalls } from '../report/meteredCalls.cjs';
import { describeItem, table } from '../report/table.cjs';
import { isOurs } from './parts.mjs';

const itemsOf = (data, name) => data.resultData.runData[name]?.flatMap((run) => run.data?.main?.flat() ?? []) ?? [];

/** From the nodes' own hints, because triggers call DingTalk at the same time. */
function costOf(data) {
	const hints = Object.values(data.resultData.runData).flatMap((runs) => runs.flatMap((run) => run.hints ?? []));
	return hints.reduce((sum, { message }) => sum + readMeteredCalls(message), 0);
}

/** Runs every example that is started manually; returns one row for each of our nodes, and names the others. */
export async function runExamples(rest, workflows) {
	const rows = [];
	let failed = 0;
	for (const workflow of workflows.filter(({ trigger }) => !trigger)) {
		const start = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
		if (!start) {
			rows.push([workflow.name, 'open it in n8n', '', 'starts with a chat message or a web page']);
			continue;
		}
		const { status, data } = await rest.run(workflow.id, start.name);
		const { error } = data.resultData;
		if (status !== 'success') failed += 1;
		rows.push([workflow.name, status === 'success' ? 'done' : 'FAILED', costOf(data), error ? error.message : '']);
		for (const { name } of workflow.nodes.filter(isOurs)) {
			const items = itemsOf(data, name);
			rows.push([
				`   ${name}`,
				`${items.length} item${items.length === 1 ? '' : 's'}`,
				'',
				describeItem(items[0]?.json),
			]);
		}
	}
	return { failed, text: table(['Workflow and its steps', 'Result', 'Metered calls', 'First item'], rows) };
}

/** The changes that active workflows have received so far. */
export async function reportTriggers(rest, workflows) {
	const rows = [];
	for (const { id, name, trigger } of workflows.filter((workflow) => workflow.trigger)) {
		const executions = (await rest.executions(id)).filter(({ status }) => status === 'success').reverse();
		rows.push([name, `${executions.length} change${executions.length === 1 ? '' : 's'}`]);
		for (const { id: executionId } of executions.slice(0, 5)) {
			const { data } = await rest.execution(executionId);
			rows.push(['', describeItem(itemsOf(data, trigger.name)[0]?.json)]);
		}
		if (executions.length > 5) rows.push(['', '…']);
	}
	return rows.length > 0 ? table(['Trigger', 'Received'], rows, 100) : '';
}
