/** Tries its share of the operations, several squares at a time, and writes a line of JSON for each square. */
import '../engine/environment.js';

import type { Cell, Verdict } from './cell';
import { FAULTS } from './faults';
import { openLine } from './line';
import type { Square } from './table';

openLine();

/** So many wait for one another's time-outs; the processor is busy with a few. */
const AT_ONCE = 24;

const waits = ({ strike: { do: deed } }: Cell): boolean => deed !== 'refuse' && /^(hang|delay|slow)/.test(deed.do);

async function main(operations: string[]): Promise<void> {
	// Loaded after the line is open, so that everything goes over it.
	const { Engine } = await import('../engine/harness/index.js');
	const { casesOf } = await import('./cases.js');
	const { rehearse } = await import('./rehearsal.js');
	const { tryCell } = await import('./cell.js');
	const engine = await Engine.start();

	const squares = await Promise.all(
		operations.map(async (operation) => {
			const rehearsals = await Promise.all(
				casesOf(operation).map(async (given) => ({ given, rehearsed: await rehearse(engine, given) })),
			);
			return FAULTS.map(({ name, strikes }) => ({
				operation,
				fault: name,
				cells: rehearsals.flatMap(({ given, rehearsed }) =>
					strikes.flatMap((strike) => rehearsed.calls.map(({ number }) => ({ given, rehearsed, strike, number }))),
				),
			}));
		}),
	);
	// Those that wait longest begin first, so that none of them is left for the end.
	const queue = squares
		.flat()
		.flatMap((square) => square.cells.map((cell) => ({ square, cell })))
		.sort((a, b) => Number(waits(b.cell)) - Number(waits(a.cell)));
	const verdicts = new Map(squares.flat().map((square): [typeof square, Verdict[]] => [square, []]));
	const tell = ({ operation, fault, cells }: (typeof squares)[number][number], tried: Verdict[]): void => {
		const square: Square = {
			operation,
			fault,
			cells: cells.length,
			once: tried.map(({ once }) => once),
			lasting: tried.map(({ lasting }) => lasting),
			complaints: tried.flatMap(({ complaints }) => complaints),
		};
		console.log(JSON.stringify(square));
	};
	for (const [square, tried] of verdicts) if (square.cells.length === 0) tell(square, tried);
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			for (let next = queue.shift(); next; next = queue.shift()) {
				const { square, cell } = next;
				const verdict = await tryCell(engine, cell);
				const tried = verdicts.get(square) ?? [];
				tried.push(verdict);
				// At once, so that what is known is seen even where something else never ends.
				if (tried.length === square.cells.length) tell(square, tried);
			}
		}),
	);
	await engine.stop();
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
