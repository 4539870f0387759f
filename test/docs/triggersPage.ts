/** The page of the triggers: every field, and examples of what they return, as their test runs in the editor show them. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { INodeType } from 'n8n-workflow';
import type { Item } from '../../lib/n8n/ItemContext';
import { readChangeOutput } from '../../lib/n8n/triggers/changeOutput';
import { createSampleChange } from '../../lib/n8n/triggers/sampleChange';
import { anchorOf } from './anchor';
import { fieldList, isShown, rowsOf, sharedRows, SHARED_FIELDS, type FieldRow } from './fieldRows';
import { jsonBlock } from './outputs';

const load = createRequire(__filename);

/** Next to each node lies a .json of the same name, which tsx would take without the extension. */
const TRIGGERS = ['DingTalkCalendarTrigger', 'DingTalkCalendarWebhookTrigger', 'DingTalkCalendarPollingTrigger'].map(
	(name) => {
		const file = join(__dirname, '../../nodes', name, `${name}.node.ts`);
		const { [name]: Trigger } = load(file) as Record<string, new () => INodeType>;
		return new Trigger();
	},
);

const FORM: Record<string, string> = { output: 'simplified' };
const item = { zone: 'Asia/Shanghai', value: (name: string) => FORM[name] } as unknown as Item;

/** What only the polling trigger adds. */
const POLLED = {
	responded: { answers: [{ id: 'sampleUnionIdiEiE', name: 'Sample Person', status: 'accepted' }] },
	starting: { startsInMinutes: 30 },
};

function example(kind: string): string[] {
	const now = Date.parse('2026-03-02T01:00:00Z');
	const change = createSampleChange(kind, { withEvent: true, rememberValues: true, zone: item.zone, now });
	const extraFields = change.extraFields ?? POLLED[kind as keyof typeof POLLED];
	return [`\`${kind}\`:`, '', ...jsonBlock(readChangeOutput(item)({ ...change, extraFields })), ''];
}

/** What is inside of *Poll Times* is n8n's own, the same for every trigger that polls. */
const rowsOfTrigger = ({ description }: INodeType): FieldRow[] =>
	description.properties
		.filter(isShown)
		.flatMap((property) => rowsOf(property.name === 'pollTimes' ? { ...property, options: [] } : property));

export function triggersPage(): string {
	const shared = sharedRows(TRIGGERS.map(rowsOfTrigger));
	const sections = TRIGGERS.flatMap((trigger) => {
		const rows = rowsOfTrigger(trigger);
		const own = rows.filter(({ key }) => !shared.has(key));
		const others = rows.filter(({ key }) => shared.has(key)).map(({ label }) => label);
		return [
			`## ${trigger.description.displayName}`,
			'',
			...fieldList(own),
			`[Described below](#${anchorOf(SHARED_FIELDS)}): ${[...new Set(others)].join(', ')}.`,
			'',
		];
	});
	return [
		'# Fields and output of the triggers',
		'',
		'<!-- Made by `npm run docs` from the nodes and their samples. Do not edit. -->',
		'',
		'[Which trigger to choose, set-up, and what the fields of `change` mean](../triggers.md)',
		'',
		...sections,
		`## ${SHARED_FIELDS}`,
		'',
		...fieldList([...shared.values()]),
		'## Examples of the output',
		'',
		'With *Remember Values*. Real changes have no `sample`.',
		'',
		...['created', 'updated', 'cancelled', 'roomBooked'].flatMap(example),
		'Only from the polling trigger:',
		'',
		...['responded', 'starting'].flatMap(example),
	].join('\n');
}
