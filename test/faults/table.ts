/** The matrix as a table, one row for each operation, one column for each fault. */
import type { Outcome } from './cell';
import { FAULTS } from './faults';

export interface Square {
	operation: string;
	fault: string;
	/** Runs that the square stands for; none where the operation calls nobody. */
	cells: number;
	once: Outcome[];
	lasting: Outcome[];
	complaints: string[];
}

const MARKS: Record<Outcome, string> = { right: '✓', retried: '↻', told: '!' };
const ORDER: Outcome[] = ['right', 'retried', 'told'];

/** The least good that happened. */
const worst = (outcomes: Outcome[]): string => MARKS[ORDER.filter((one) => outcomes.includes(one)).at(-1) ?? 'right'];

export function mark({ cells, once, lasting, complaints }: Square): string {
	if (complaints.length > 0) return 'WRONG';
	return cells === 0 ? 'no call' : `${worst(once)} ${worst(lasting)}`;
}

export const LEGEND = [
	'Each square has two marks: what comes of it when the call goes wrong once, and when it goes on going wrong.',
	'',
	'- `✓` the result is right, by the node alone.',
	'- `↻` a clear error, and the result is right as soon as n8n tries the node again (*Retry On Fail*).',
	'- `!` a clear error that says what to do, also where n8n tries the node again.',
	'- `no call` the operation asks nobody, so nothing can go wrong there.',
	'',
	'In every square nothing is lost and nothing doubled: what DingTalk has afterwards is what it has without the fault, or,',
	'after an error, exactly what the error says of it.',
	'',
	'Some results are taken for right although they are not the same to the letter. *Access Control: Get Many* and *Free/Busy: Find',
	'Common Free Time* and *Event: Get Agenda* do without a name where only its look-up fails. *Attendee: Sync* and *Event: Create or Update*, tried again by n8n,',
	'tell what was left to do for the last try. *Event: Book a Meeting* takes back what it made, and makes it anew.',
];

const row = (cells: string[]): string => `| ${cells.join(' | ')} |`;

export function matrixTable(squares: Square[]): string[] {
	const operations = [...new Set(squares.map(({ operation }) => operation))];
	const names = FAULTS.map(({ name }) => name);
	return [
		row(['Operation', ...names]),
		row(['---', ...names.map(() => ':---:')]),
		...operations.map((operation) =>
			row([
				operation,
				...names.map((name) => {
					const square = squares.find((one) => one.operation === operation && one.fault === name);
					return square ? mark(square) : 'MISSING';
				}),
			]),
		),
	];
}

/** docs/faults.md. */
export const page = (squares: Square[]): string =>
	[
		'# What happens when a call goes wrong',
		'',
		'<!-- Made by `npm run test:faults -- --write`. Do not edit. -->',
		'',
		`Every operation, run by n8n's engine against the simulator, with each of ${FAULTS.length} faults striking each of the calls that it`,
		'makes, first once and then for good.',
		'',
		...LEGEND,
		'',
		...matrixTable(squares),
		'',
		`${squares.reduce((sum, { cells }) => sum + cells, 0)} combinations of operation, fault and call stand behind these ${squares.length} squares.`,
		'',
		"Shorter than in real life are the node's waits before it tries again (a millisecond), and its patience for an answer that is",
		'held back (a quarter of a second instead of half a minute); no verdict depends on either.',
		'',
	].join('\n');
