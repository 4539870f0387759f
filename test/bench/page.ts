/** The figures for people: a table, and the page docs/benchmarks.md. */
import type { Figures, Nothing, Side } from './measure';
import type { Weight } from './weight';

export type Measurement = Figures | Nothing;

export interface Row {
	id: string;
	title: string;
	items: number;
	minimumMetered: number;
	formula: string;
	ours: Measurement;
	httpRequest: Measurement;
	floor: Measurement;
}

export interface Report {
	/** The version that was measured. */
	n8n: string;
	workloads: Row[];
	/** How much there was to do on the machine for each of its processors, before and after. */
	load: { before: number; after: number };
	weight: { ours: Weight; googleCalendar: Weight | null };
}

export const SIDES: readonly Side[] = ['ours', 'httpRequest', 'floor'];
const NAMES = { ours: 'this node', httpRequest: 'HTTP Request', floor: 'floor' };

const row = (cells: Array<string | number>): string => `| ${cells.join(' | ')} |`;
const ratio = (one: number | null, other: number | null): string =>
	one === null || other === null || other === 0 ? '–' : `${(one / other).toFixed(2)}×`;
const shown = (value: number | null): string => (value === null ? '–' : String(value));

/** Milliseconds differ from machine to machine; what stays is how the sides compare. */
export function table(workloads: Row[], exact: boolean): string[] {
	const lines = workloads.flatMap((work) => [
		...SIDES.map((side, i) => {
			const one = work[side];
			return row([
				i === 0 ? `**${work.id}**` : '',
				NAMES[side],
				exact ? shown(one.wallMs) : ratio(one.wallMs, work.floor.wallMs),
				exact ? shown(one.cpuMs) : ratio(one.cpuMs, work.httpRequest.cpuMs),
				`${shown(one.metered)}${i === 0 ? ` (${work.minimumMetered})` : ''}`,
				shown(one.free),
				shown(one.token),
				shown(one.failed),
				shown(one.lost),
				shown(one.doubled),
				shown(one.throttled),
				shown(one.peakHeapMB),
			]);
		}),
	]);
	const head = ['', '', exact ? 'wall ms' : 'wall ÷ floor', exact ? 'CPU ms' : 'CPU ÷ HTTP Request'];
	return [
		row([
			...head,
			'metered (minimum)',
			'free',
			'token',
			'failed',
			'lost',
			'doubled',
			'refused for speed',
			'peak heap MB',
		]),
		row(['---', '---', ...Array.from({ length: 10 }, () => '---:')]),
		...lines,
	];
}

export const works = (workloads: Row[]): string[] => [
	row(['', 'Work', 'Items', 'Fewest metered calls', 'Why']),
	row(['---', '---', '---:', '---:', '---']),
	...workloads.map(({ id, title, items, minimumMetered, formula }) =>
		row([`**${id}**`, title, items, minimumMetered, formula]),
	),
];

const verdict = (what: string, figure: string, goal: string): string => row([what, figure, goal]);

const cpuGoal = ({ id, ours, httpRequest }: Row): string =>
	verdict(`${id}, CPU ÷ HTTP Request`, ratio(ours.cpuMs, httpRequest.cpuMs), '≤ 1.00×');

/** What was aimed at beside what came of it. */
function goals(workloads: Row[]): string[] {
	const paced = workloads.find(({ id }) => id === 'W5');
	const unlimited = workloads.filter(({ id }) => ['W2', 'W3', 'W8'].includes(id));
	const perSecond = 20;
	return [
		'## Goals',
		'',
		row(['', 'here', 'goal']),
		row(['---', '---:', '---:']),
		...(paced
			? [
					verdict(
						'W5, wall time ÷ (items ÷ 20 a second)',
						ratio(paced.ours.wallMs, (paced.items / perSecond) * 1000),
						'≤ 1.05×',
					),
				]
			: []),
		...unlimited.map(({ id, ours, floor }) =>
			verdict(`${id}, wall time ÷ floor, as no limit binds`, ratio(ours.wallMs, floor.wallMs), '≤ 1.20×'),
		),
		...workloads.map(cpuGoal),
	];
}

const LATER = 'Measured again later, with a load per processor of';

/** The page with the rows of the work that was measured again; the rest stays as it was. */
export function updatedPage(text: string, { workloads, load }: Report): string {
	const lines = text.split('\n').filter((line) => !line.startsWith(LATER));
	for (const work of workloads) {
		// Formatted cells are padded.
		const first = lines.findIndex((line) => line.replace(/ +/g, ' ').startsWith(`| **${work.id}** | ${NAMES.ours}`));
		lines.splice(first, SIDES.length, ...table([work], false).slice(2));
		const goal = lines.findIndex((line) => line.startsWith(`| ${work.id}, CPU`));
		lines[goal] = cpuGoal(work);
	}
	const names = workloads.map(({ id }) => id).join(', ');
	const loads = `${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after`;
	lines.splice(
		lines.findIndex((line) => line.startsWith('_failed_')),
		0,
		`${LATER} ${loads}: ${names}.`,
		'',
	);
	return lines.join('\n');
}

export const page = ({ n8n, workloads, load, weight }: Report): string =>
	[
		'# Benchmarks',
		'',
		'<!-- Made by `npm run bench -- --write`. Do not edit. -->',
		'',
		`Side by side in one run: this node, and n8n's own HTTP Request node, each in an n8n ${n8n} of its own as a user starts it, called`,
		'over a webhook; and the floor, which is axios without n8n, with connections kept alive, ten calls at once as the node and at most',
		'20 starts of a kind in any second. Each workload gets a new simulator in another process, which answers after 20 ms.',
		'HTTP Request is set up as an expert on DingTalk would do it: the same credential, its batching (20 calls a second) and',
		'its pagination; it looks people up once, splits lists by the limit of a call, and continues when an item fails.',
		'',
		"**Wall time** of the two nodes is what n8n notes of the nodes that do the work. **CPU** is that of n8n's whole process, from the call",
		'of the webhook until the execution is kept, so it has in it what n8n does around a node: much of that is working out expressions,',
		'and reading the credential from the database, at every call for HTTP Request, once a run for this node.',
		'',
		'Before it is measured, each side does work of the same kind with another simulator: 400 calls where events are created, 60 where',
		'they are read, since n8n is a server that runs for weeks, and another 60 right before each piece of work that follows. The token is',
		'fetched as part of the work. What takes less than a second is done nine times and what takes less than half a minute three times,',
		'turn by turn; the times are those of the middle, the counts the highest.',
		'',
		`The load per processor was ${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after (1 is a fully used machine).`,
		'Above 1, wall times, processor times and refusals for speed are worse than on a machine of its own, for all sides; the',
		'numbers of failed, lost and doubled items are not affected.',
		'',
		...works(workloads),
		'',
		...table(workloads, false),
		'',
		'*failed*: items that were reported as failed at the end. *lost*: items that DingTalk does not have at the end. *doubled*: copies',
		'that were not requested. *refused for speed*: calls beyond 20 a second, which DingTalk rejects.',
		'',
		...workloads.flatMap(({ id, ...sides }) =>
			SIDES.flatMap((side) => {
				const one = sides[side];
				return 'why' in one ? [`${id}, ${NAMES[side]}: ${one.why}.`, ''] : [];
			}),
		),
		'In W3 and W8 people reach both nodes as text: HTTP Request as JSON, this node separated by commas, as its fields ask for them. They',
		'may also come as a list, which n8n 2.41 takes longer to hand over from an expression: about 10 ms for 1,200 people and 3 ms for 100,',
		'and W3 then took 1.25 to 1.28 times as long as the floor (November 2026, not measured anew here).',
		'',
		...goals(workloads),
		'',
		'## Weight',
		'',
		row(['', 'load', 'packed']),
		row(['---', '---:', '---:']),
		row(['this package', `${weight.ours.loadMs} ms`, `${weight.ours.tarballKB} KB`]),
		row([
			"n8n's Google Calendar node, packed alone",
			weight.googleCalendar ? `${weight.googleCalendar.loadMs} ms` : '–',
			weight.googleCalendar ? `${weight.googleCalendar.tarballKB} KB` : '–',
		]),
		'',
	].join('\n');
