/** The figures that are not compared with the floor, for people: workers, many items, an agent's tool. */
import type { AgentTool } from './agentTool';
import { HEAP_GROWTH_PERCENT, MANY_ITEMS, type ManyItems } from './manyItems';
import { ratio, row } from './table';
import type { Workers } from './workers';

/** What this run measured. */
export interface Others {
	workers?: Workers[];
	manyItems?: ManyItems;
	agentTool?: AgentTool;
}

const percent = (part: number): string => `${(100 * part).toFixed(0)} %`;

const workersSection = (workers: Workers[]): string[] => [
	'## Workers',
	'',
	'W10: in queue mode, on Redis and PostgreSQL, so many workers create 1,000 events with one app, in executions of 40 items. No setting',
	'says how many they are. Goal: at least 90 % of the limit of 20 calls per second used, none failed, at most 8 % refused.',
	'',
	row(['workers', 'limit used', 'from the sixth second on', 'refused for speed', 'failed', 'lost', 'doubled']),
	row(['---:', '---:', '---:', '---:', '---:', '---:', '---:']),
	...workers.map(({ workers: count, used, usedOnceSettled, refused, failed, lost, doubled }) =>
		row([count, percent(used), percent(usedOnceSettled), `${(100 * refused).toFixed(1)} %`, failed, lost, doubled]),
	),
	'',
];

const millions = (characters: number): string => `${(characters / 1e6).toFixed(1)} million characters`;

const CODE_NODES = { code: 'passes the items on', same: 'makes the same items as this node' };

/** What this node takes beside a Code node. */
const besideCode = (what: string, mb: ManyItems['heapMB'], side: keyof typeof CODE_NODES, goal: string): string =>
	row([
		`${what} ÷ ${what} with a Code node that ${CODE_NODES[side]} (${mb.ours} MB ÷ ${mb[side]} MB)`,
		ratio(mb.ours, mb[side]),
		goal,
	]);

const manyItemsSection = ({ heapMB, memoryMB, characters, longestBlockMs, stopMs }: ManyItems): string[] => [
	'## Many items',
	'',
	`W11: _Preview_ of _Create_ for ${MANY_ITEMS.toLocaleString('en')} items, which is everything but the calls. The heap is that of a real n8n, at its peak; the memory`,
	'is that of n8n and the processes that it starts, because it runs the code of a Code node in one of its own, outside this heap. The rest is',
	"measured on n8n's engine alone, because n8n itself takes breaks of seconds when it saves that many items. A preview is larger than its",
	`item: ${millions(characters.input)} of JSON become ${millions(characters.output)}, which n8n keeps and saves whichever node makes them.`,
	`On all sides, V8 collects garbage when the heap has grown by ${HEAP_GROWTH_PERCENT} %. By its own rule it may wait until the heap is four times as large as`,
	'after the last time; then the peak of this node is mostly garbage, two to three times the heap with a Code node, and differs from run to run.',
	'',
	row(['', 'here', 'goal']),
	row(['---', '---:', '---:']),
	besideCode('heap', heapMB, 'code', '≤ 1.3×'),
	besideCode('heap', heapMB, 'same', '–'),
	besideCode('memory', memoryMB, 'code', '≤ 1.3×'),
	besideCode('memory', memoryMB, 'same', '–'),
	row(['longest time in which n8n can do nothing else', `${longestBlockMs} ms`, '≤ 100 ms']),
	row(['from Stop until the run has ended', `${stopMs} ms`, '≤ 1,000 ms']),
	'',
];

const agentToolSection = ({ characters: { ours, googleCalendar }, calls }: AgentTool): string[] => [
	"## An agent's tool",
	'',
	'W13: the tool creates an event; title, start, end and attendees are left to the model. The characters are those of the name, the',
	'description and the schema that the model gets with each of its calls.',
	'',
	row(['', 'this node', 'Google Calendar']),
	row(['---', '---:', '---:']),
	row(['characters', ours, googleCalendar]),
	'',
	`One event with an attendee by name takes this node ${calls.metered} metered call, ${calls.free} free lookups and ${calls.token} token.`,
	'',
];

/** The sections of what was measured, by their headings. */
export const othersSections = ({ workers, manyItems, agentTool }: Others): string[] => [
	...(workers ? workersSection(workers) : []),
	...(manyItems ? manyItemsSection(manyItems) : []),
	...(agentTool ? agentToolSection(agentTool) : []),
];
