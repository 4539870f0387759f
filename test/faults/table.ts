/** The matrix as a table, one row for the operations with the same results, one column for each fault. */
import type { Outcome } from './cell';
import { FAULTS } from './faults';

export interface Square {
	operation: string;
	fault: string;
	/** Runs that the square stands for; none where the operation makes no call. */
	cells: number;
	once: Outcome[];
	lasting: Outcome[];
	complaints: string[];
}

const MARKS: Record<Outcome, string> = { right: '✓', retried: '↻', reported: '!' };
const ORDER: Outcome[] = ['right', 'retried', 'reported'];

/** The worst outcome. */
const worst = (outcomes: Outcome[]): string => MARKS[ORDER.filter((one) => outcomes.includes(one)).at(-1) ?? 'right'];

export function mark({ cells, once, lasting, complaints }: Square): string {
	if (complaints.length > 0) return 'WRONG';
	return cells === 0 ? 'no call' : `${worst(once)} ${worst(lasting)}`;
}

export const LEGEND = [
	'Operations with the same results share a row. Each cell has two marks: the result when the call fails once, and when it keeps failing.',
	'',
	'- `✓` the result is correct without a retry by n8n.',
	'- `↻` a clear error; the result is correct when n8n retries the node (*Retry On Fail*).',
	'- `!` a clear error that says what to do, even after n8n retries the node.',
	'- `no call` the operation sends no request that could fail.',
	'',
	'In every cell nothing is lost and nothing is duplicated: DingTalk has the same data afterwards as without the fault or,',
	'after an error, exactly what the error describes.',
	'',
	'Some results count as correct although they are not identical. *Access Control: Get Many*, *Free/Busy: Find Common Free Time*',
	'and *Event: Get Agenda* leave out a name if only its lookup fails. When n8n retries *Attendee: Sync* or *Event: Create or',
	'Update*, the output describes what was left for the last attempt. *Event: Book a Meeting* undoes its event and creates it again.',
	'*Event: Update* of this and following dates puts the series back.',
];

const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;

export function matrixTable(squares: Square[]): string[] {
	const names = FAULTS.map(({ name }) => name);
	const groups = new Map<string, string[]>();
	for (const operation of new Set(squares.map((square) => square.operation))) {
		const marks = names.map((name) => {
			const square = squares.find((one) => one.operation === operation && one.fault === name);
			return square ? mark(square) : 'MISSING';
		});
		const key = marks.join(' | ');
		groups.set(key, [...(groups.get(key) ?? []), operation]);
	}
	return [
		row([...names, 'Operations']),
		row([...names.map(() => ':---:'), '---']),
		...[...groups].map(([marks, operations]) => row([marks, operations.join(', ')])),
	];
}

/** docs/project/faults.md. */
export const page = (squares: Square[]): string =>
	[
		'# What happens when a call goes wrong',
		'',
		'<!-- Made by `npm run test:faults -- --write`. Do not edit. -->',
		'',
		`Every operation runs on n8n's engine against the simulator, with each of ${FAULTS.length} faults at each of its calls, first once and`,
		'then permanently.',
		'',
		...LEGEND,
		'',
		...matrixTable(squares),
		'',
		`${squares.reduce((sum, { cells }) => sum + cells, 0)} combinations of operation, fault and call are summarized here.`,
		'',
		"The node's pauses between attempts and its timeout are shorter here than in real use; no result depends on them.",
		'',
	].join('\n');
