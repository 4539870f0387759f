/** `npm run test:faults`: every operation × every fault. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { readCommandLine } from '../../tools/report/commandLine.cjs';
import { OPERATIONS } from './cases';
import { FAULTS } from './faults';
import { LEGEND, mark, matrixTable, page, type Square } from './table';
import { formatPages } from '../docs/formatPages';

const PROCESSES = 2;
const root = join(__dirname, '../..');

const COMMAND = {
	script: 'test:faults',
	does: 'Tries every operation with every fault of the network and of DingTalk.',
	options: {
		only: { is: 'list', among: OPERATIONS, value: 'OPERATIONS', says: 'some of them, such as event.create' },
		write: { is: 'flag', says: 'also writes docs/project/faults.md' },
	},
} as const;

function tryShare(operations: string[]): Promise<Square[]> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'worker.ts'), ...operations], {
			cwd: root,
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		const squares: Square[] = [];
		createInterface({ input: child.stdout }).on('line', (line) => squares.push(JSON.parse(line) as Square));
		child.once('error', reject);
		child.once('close', (code) =>
			code === 0 ? resolve(squares) : reject(new Error(`A part ended with ${String(code)}`)),
		);
	});
}

async function main(): Promise<void> {
	const values = readCommandLine(COMMAND);
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
	// A page with gaps would look like one without faults.
	if (values.write && missing === 0) {
		for (const [path, text] of formatPages(new Map([['docs/project/faults.md', page(squares)]])))
			writeFileSync(join(root, path), text);
	}
	console.log(`\n${squares.length + missing - wrong} passed, ${wrong} failed`);
	process.exitCode = wrong === 0 ? 0 : 1;
}

void main();
