/** Checks the sticky note of each example: one, beside the nodes, with what to change and what a run costs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface ExampleNode {
	type: string;
	name: string;
	position: [x: number, y: number];
	parameters: { content?: string; width?: number; height?: number };
}

const folder = join(__dirname, '../../../examples');
const examples = readdirSync(folder)
	.filter((file) => file.endsWith('.json'))
	.map((file): [string, ExampleNode[]] => [
		file,
		(JSON.parse(readFileSync(join(folder, file), 'utf8')) as { nodes: ExampleNode[] }).nodes,
	]);

const isNote = ({ type }: ExampleNode): boolean => type === 'n8n-nodes-base.stickyNote';

/** As n8n draws them, with the name below the node. */
const NODE_BOX = { width: 96, height: 140 };
/** Pixels that a character and a line take in a note. */
const CHARACTER = 7;
const LINE = 20;

describe('the note of an example', () => {
	it.each(examples)('is the only one, and says what to change and what it costs: %s', (_, nodes) => {
		const notes = nodes.filter(isNote);
		expect(notes).toHaveLength(1);
		const { content = '' } = notes[0].parameters;
		expect(content).toMatch(/^## \S/);
		expect(content).toMatch(/\*\*Costs\*\* \S/);
		expect(content).toMatch(/[Rr]eplace|[Cc]hange|[Cc]hoose|[Ee]nter/);
	});

	it.each(examples)('covers no node, and has room for its text: %s', (_, nodes) => {
		const [{ position, parameters }] = nodes.filter(isNote);
		const { content = '', width = 240, height = 160 } = parameters;
		const covered = nodes
			.filter((node) => !isNote(node))
			.filter(
				({ position: [x, y] }) =>
					x < position[0] + width &&
					x + NODE_BOX.width > position[0] &&
					y < position[1] + height &&
					y + NODE_BOX.height > position[1],
			)
			.map(({ name }) => name);
		expect(covered).toEqual([]);
		const lines = content
			.split('\n')
			.reduce((sum, text) => sum + Math.ceil((text.length * CHARACTER) / (width - 40)), 0);
		expect(height).toBeGreaterThanOrEqual(lines * LINE);
	});
});
