/** The figures for people: a table, and the page docs/project/benchmarks.md. */
import type { Figures, Nothing, Side } from './measure';
import { othersSections, type Others } from './others';
import { ratio, row } from './table';
import type { Weights } from './weight';

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
	others: Others;
	/** How much there was to do on the machine for each of its processors, before and after. */
	load: { before: number; after: number };
	weight: Weights;
}

export const SIDES: readonly Side[] = ['ours', 'httpRequest', 'floor'];
const NAMES = { ours: 'this node', httpRequest: 'HTTP Request', floor: 'floor' };

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
		row([...head, 'metered (minimum)', 'free', 'token', 'failed', 'lost', 'doubled', 'rate limited', 'peak heap MB']),
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

/** Those that DingTalk's limit does not slow down, and those that it slows down as much as the floor. */
const BESIDE_FLOOR = ['W1', 'W2', 'W3', 'W4', 'W8', 'W9'];
const PACED = 'W5';
const CALLS_PER_SECOND = 20;

/** What was aimed at in some work, beside what came of it; the name is the same in each run. */
interface Goal {
	name: string;
	figure: string;
	goal: string;
}

const pacedGoal = ({ id, items, ours }: Row): Goal => ({
	name: `${id}, wall time ÷ (items ÷ ${CALLS_PER_SECOND} per second)`,
	figure: ratio(ours.wallMs, (items / CALLS_PER_SECOND) * 1000),
	goal: '≤ 1.02×',
});

const floorGoal = ({ id, ours, floor }: Row): Goal => ({
	name: `${id}, wall time ÷ floor`,
	figure: ratio(ours.wallMs, floor.wallMs),
	goal: '≤ 1.08×',
});

const cpuGoal = ({ id, ours, httpRequest }: Row): Goal => ({
	name: `${id}, CPU ÷ HTTP Request`,
	figure: ratio(ours.cpuMs, httpRequest.cpuMs),
	goal: '≤ 0.75×',
});

const goalsOf = (workloads: Row[]): Goal[] => [
	...workloads.filter(({ id }) => id === PACED).map(pacedGoal),
	...workloads.filter(({ id }) => BESIDE_FLOOR.includes(id)).map(floorGoal),
	...workloads.map(cpuGoal),
];

const goalRow = ({ name, figure, goal }: Goal): string => row([name, figure, goal]);

/** Measured once: a workflow with a No Operation node in place of this node. */
const WHY_NOT = [
	'W1, W4, W5: after the first second, this node spreads its calls, one percent below the limit; the floor sends what a second allows at',
	'once, each second. A process that does so leaves others no room: [the rate limiter](decisions/rate-limiter.md). In W4, calls that were',
	'refused with the old token count as sent.',
	'',
	'W2, W3, W8, processor time: the same workflow with _No Operation_ in place of the node takes 54 ms on this machine, about half of what it',
	'takes with this node and its calls. In wall time, they are over in a quarter of a second, so a few hundredths of one are a large part.',
	'Parts of a long list of attendees are sent one after the other, by the floor as well: if one fails, it is known who was added, and',
	'DingTalk does not say whether it accepts several changes of one event at the same time. Pages of a list follow each other, because each',
	'names the next one; how many events a part of the period holds is not known beforehand, so reading parts together could cost more calls.',
];

const goals = (workloads: Row[]): string[] => [
	'## Goals',
	'',
	row(['', 'here', 'goal']),
	row(['---', '---:', '---:']),
	...goalsOf(workloads).map(goalRow),
	'',
	...WHY_NOT,
];

const LATER = 'Measured again later, at a load per processor of';

const LAST_SECTION = '## Weight';
const isHeading = (line: string): boolean => line.startsWith('## ');

/** Puts sections in the place of those with the same headings, or before the last one. */
function putSections(lines: string[], sections: string[]): void {
	const starts = sections.flatMap((line, i) => (isHeading(line) ? [i] : []));
	for (const [i, start] of starts.entries()) {
		const section = sections.slice(start, starts[i + 1]);
		const old = lines.indexOf(section[0]);
		const at = old < 0 ? lines.indexOf(LAST_SECTION) : old;
		const after = lines.findIndex((line, index) => index > at && isHeading(line));
		const end = after < 0 ? lines.length : after;
		lines.splice(at, old < 0 ? 0 : end - at, ...section);
	}
}

/** What is left of an earlier line about work that was measured again, without the work that this run has measured. */
function stillMeasuredThen(line: string, workloads: Row[]): string[] {
	const [when, names] = line.replace(/\.$/, '').split(': ');
	const left = names.split(', ').filter((name) => workloads.every(({ id }) => id !== name));
	return left.length > 0 ? [`${when}: ${left.join(', ')}.`] : [];
}

/** The page with the rows of the work that was measured again; the rest stays as it was. */
export function updatedPage(text: string, { workloads, others, load, weight }: Report): string {
	const lines = text
		.split('\n')
		.flatMap((line) => (line.startsWith(LATER) ? stillMeasuredThen(line, workloads) : [line]));
	for (const work of workloads) {
		// Formatted cells are padded.
		const first = lines.findIndex((line) => line.replace(/ +/g, ' ').startsWith(`| **${work.id}** | ${NAMES.ours}`));
		if (first < 0) throw new Error(`The page has no rows of ${work.id}: write it once without --only`);
		lines.splice(first, SIDES.length, ...table([work], false).slice(2));
		for (const goal of goalsOf([work])) {
			const old = lines.findIndex((line) => line.startsWith(`| ${goal.name} `));
			if (old < 0) throw new Error(`The page has no goal '${goal.name}': write it once without --only`);
			lines[old] = goalRow(goal);
		}
	}
	putSections(lines, [...othersSections(others), ...weightSection(weight, load)]);
	if (workloads.length === 0) return lines.join('\n');
	const names = workloads.map(({ id }) => id).join(', ');
	const loads = `${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after`;
	lines.splice(
		lines.findIndex((line) => /^[_*]failed[_*]/.test(line)),
		0,
		`${LATER} ${loads}: ${names}.`,
		'',
	);
	return lines.join('\n');
}

export const weightSection = ({ ours, googleCalendar, outlook }: Weights, { before }: Report['load']): string[] => [
	LAST_SECTION,
	'',
	`What n8n loads when it starts, and what the editor receives. Processor times, the least of seven fresh processes in turns, at a load per processor of ${before.toFixed(1)}.`,
	'',
	row(['', 'load', 'description', 'packed']),
	row(['---', '---:', '---:', '---:']),
	...[
		{ name: 'this node', ...ours },
		...(googleCalendar ? [{ name: "n8n's Google Calendar node, packed alone", ...googleCalendar }] : []),
		...(outlook ? [{ name: "n8n's Microsoft Outlook node", ...outlook, tarballKB: null }] : []),
	].map(({ name, loadMs, descriptionKB, tarballKB }) =>
		row([name, `${loadMs} ms`, `${descriptionKB} KB`, tarballKB === null ? '–' : `${tarballKB} KB`]),
	),
	...(googleCalendar
		? [row(['this node ÷ Google Calendar (goal for the load: ≤ 1.5×)', ...weightRatios(ours, googleCalendar)])]
		: []),
	'',
	'Modules are built into one file and run when they are first used: two thirds of them are not needed while n8n starts. Separate files would',
	'have to be loaded at once: n8n clears its cache of files when it updates a package, and a running node would get modules of both versions.',
	'',
];

const weightRatios = (ours: Weights['ours'], other: Weights['ours']): string[] => [
	ratio(ours.loadMs, other.loadMs),
	ratio(ours.descriptionKB, other.descriptionKB),
	ratio(ours.tarballKB, other.tarballKB),
];

export const page = ({ n8n, workloads, others, load, weight }: Report): string =>
	[
		'# Benchmarks',
		'',
		'<!-- Made by `npm run bench -- --write`. Do not edit. -->',
		'',
		`Three sides: this node and n8n's HTTP Request node, each in its own n8n ${n8n}, called through a webhook; and the floor, which is axios`,
		'without n8n, with keep-alive connections, ten concurrent calls, and at most 20 calls of a kind per second. The simulator, new for each',
		'workload, responds after 20 ms. HTTP Request has the same credential, batching (20 calls per second) and pagination; it looks up each',
		'person once, splits lists at the limit of a call, and continues when an item fails.',
		'',
		'**Wall time** of the two nodes is the execution time that n8n records. **CPU** is the processor time of the whole n8n process, from the',
		'webhook call until the execution is saved: mostly expressions, and reading the credential, for every call of HTTP Request and once per',
		'run of this node.',
		'',
		'Each side is warmed up on another simulator: 400 calls where events are created, 60 where they are read, and 60 before each further',
		'measurement. Workloads of less than a second run nine times, those under half a minute three times, in turns. Times are medians,',
		'counts are maximums. Fetching the token is part of the work.',
		'',
		`The load per processor was ${load.before.toFixed(1)} before and ${load.after.toFixed(1)} after (1 is a fully used machine).`,
		'Above 1, wall times, CPU times and rate-limited calls are worse than on an idle machine, for all sides.',
		'',
		...works(workloads),
		'',
		...table(workloads, false),
		'',
		'*failed*: items reported as failed at the end. *lost*: items missing in DingTalk at the end. *doubled*: copies that were not',
		'requested. *rate limited*: calls beyond 20 per second, which DingTalk rejects.',
		'',
		...workloads.flatMap(({ id, ...sides }) =>
			SIDES.flatMap((side) => {
				const one = sides[side];
				return 'why' in one ? [`${id}, ${NAMES[side]}: ${one.why}.`, ''] : [];
			}),
		),
		'In W3 and W8, both nodes receive people as text. n8n takes longer to resolve an array from an expression: about 10 ms for 1,200 people.',
		'',
		...goals(workloads),
		'',
		...othersSections(others),
		...weightSection(weight, load),
	].join('\n');
