/** Checks that each label that the documentation names exists: in a node, in an example, in n8n or in DingTalk's console. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources } from '../../../nodes/DingTalkCalendar/resources';
import { labels } from './labels';

const root = join(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Those for users that people write; other pages are made from the labels, are in Chinese, or add an operation as an example. */
const OTHERS = /^(zh-CN|project|resources)\/|^(errors|operations|permissions)\.md$/;
const pages = [
	'README.md',
	...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.md') && !OTHERS.test(name))
		.map((name) => join('docs', name)),
];

/** What n8n's editor and its own nodes call things. */
const N8N = [
	...['Activate', 'Always Output Data', 'Continue', 'Continue (using error output)', 'Execute workflow', 'On Error'],
	...['Retry', 'Retry On Fail', 'Workflow settings', 'Tool Description', 'Set Manually', 'DingTalk Calendar Tool'],
	...['AI Agent', 'Append Row', 'Authentication', 'Bearer Auth', 'Chat Trigger', 'Convert to File', 'Crypto', 'Filter'],
	...[
		'Form',
		'Form Ending',
		'Google Sheets',
		'HTTP Request',
		'If',
		'Loop Over Items',
		'MCP Server Trigger',
		'Max Iterations',
	],
	...[
		'Page Type',
		'Remove Duplicates',
		'Respond to Webhook',
		'Schedule Trigger',
		'Switch',
		'Webhook',
		'Webhook Trigger',
	],
	'When Last Node Finishes',
];
const CONSOLE = [
	...['App Development', 'Contacts', 'Create Organization', 'Internal Apps', 'Version management and release'],
	...['Basic information > Credentials and basic information', 'Development configuration > Manage permissions'],
];
/** The word to search for. */
const TYPED = ['DingTalk'];

const exampleNodes = readdirSync(join(root, 'examples')).flatMap((file) =>
	(JSON.parse(read(join('examples', file))) as { nodes: Array<{ name: string }> }).nodes.map(({ name }) => name),
);
const known = new Set([...labels(), ...N8N, ...CONSOLE, ...TYPED, ...exampleNodes]);

/** The words in italics that begin with a capital letter. */
const emphasized = (text: string): string[] =>
	[
		...text
			.replace(/```[\s\S]*?```|`[^`]*`/g, '')
			.replace(/\]\([^)]*\)/g, ']')
			.replace(/\s+/g, ' ')
			.matchAll(/(?<!\w)_([A-Z][^_]*)_(?!\w)/g),
	].map(([, words]) => words);

const isKnown = (label: string): boolean =>
	label.split(/ → |: /).every((part) => known.has(part.trim()) || /^\d+$/.test(part.trim()));

/** Of `Event: Get Many`, the operation must be one of that resource. */
function isOperation(label: string): boolean {
	const [name, operation] = label.split(': ');
	const resource = resources.find((one) => one.name === name);
	return !resource || operation === undefined || resource.operations.some((one) => one.name === operation);
}

describe('The documentation', () => {
	it('is all there', () => expect(pages.length).toBeGreaterThan(25));

	it.each(pages)('names in %s only labels and operations that exist', (page) => {
		const named = emphasized(read(page));
		expect(named.filter((label) => !isKnown(label) || !isOperation(label))).toEqual([]);
	});

	it('would notice one that does not', () => {
		expect(emphasized('Set _Event: Create_ and _Frobnicate_.').filter(isKnown)).toEqual(['Event: Create']);
		expect(isOperation('Event: Sync')).toBe(false);
	});
});
