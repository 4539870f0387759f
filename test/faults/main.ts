/**
 * `npm run test:faults`: every operation × every fault. `-- --only event.create` tries one operation, `-- --write` also writes
 * docs/faults.md.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { OPERATIONS } from './cases';
import { FAULTS } from './faults';
import { LEGEND, mark, matrixTable, type Square } from './table';

const PROCESSES = 2;
const root = join(__dirname, '../..');

function tryShare(operations: string[]): Promise<Square[]> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'worker.ts'), ...operations], {
			cwd: root,
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const squares: Square[] = [];
		createInterface({ input: child.stdout }).on('line', (line) => squares.push(JSON.parse(line) as Square));
		child.once('error', reject);
		child.once('close', (code) => (code === 0 ? resolve(squares) : reject(new Error(`A part ended with ${String(code)}`))));
	});
}

const page = (squares: Square[]): string =>
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

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, write: { type: 'boolean' } } });
	const operations = OPERATIONS.filter((operation) => values.only?.includes(operation) ?? true);
	const shares = Array.from({ length: PROCESSES }, (_, share) => operations.filter((__, i) => i % PROCESSES === share));
	const parts = await Promise.allSettled(shares.filter(({ length }) => length > 0).map(tryShare));
	const squares = parts.flatMap((part) => (part.status === 'fulfilled' ? part.value : []));
	squares.sort((a, b) => operations.indexOf(a.operation) - operations.indexOf(b.operation));

	console.log([...matrixTable(squares), '', ...LEGEND].join('\n'));
	for (const { operation, fault, complaints } of squares) {
		for (const complaint of complaints) console.log(`\n${operation} × ${fault}: ${complaint}`);
	}
	const missing = operations.length * FAULTS.length - squares.length;
	const wrong = squares.filter((square) => mark(square) === 'WRONG').length + missing;
	if (values.write) writeFileSync(join(root, 'docs/faults.md'), page(squares));
	console.log(`\n${squares.length + missing - wrong} passed, ${wrong} failed`);
	process.exitCode = wrong === 0 ? 0 : 1;
}

void main();
