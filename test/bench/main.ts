/**
 * `npm run bench`: a table; `-- --json`: the same as JSON, and nothing else on standard output; `-- --only W1`: some of the work;
 * `-- --write`: also writes docs/benchmarks.md.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { measure, nothing, together, type Figures } from './measure';
import { page, SIDES, table, works, type Bare, type Measurement, type Report, type Row } from './page';
import { weigh } from './weight';
import { WORKLOADS, workloadOf, type Workload } from './workloads';

const root = join(__dirname, '../..');

/** Where n8n's helper alone can do the same. */
const BARE = ['W2', 'W9'];

const load = (): number => loadavg()[0] / availableParallelism();

/** What a side cannot do, whoever sets it up. */
function impossible({ id }: Workload, side: string): string | undefined {
	if (side !== 'floor') return undefined;
	if (id === 'W6') return 'the floor has no second try';
	if (id === 'W7') return 'the floor knows no items that are done';
	return undefined;
}

/** Turn by turn, so that whatever else the machine does meets all sides. */
async function sidesOf<S extends string>(workload: Workload, sides: readonly S[]): Promise<Record<S, Measurement>> {
	const runs = new Map<S, Figures[]>(sides.map((side) => [side, []]));
	for (let time = 0; time < (workload.times ?? 1); time++) {
		for (const side of sides.filter((one) => !impossible(workload, one))) {
			process.stderr.write(`${workload.id} ${side} … `);
			const figures = await measure(workload, side);
			process.stderr.write(`${figures.wallMs} ms\n`);
			runs.get(side)?.push(figures);
		}
	}
	const measured = sides.map((side): [S, Measurement] => {
		const why = impossible(workload, side);
		return [side, why ? nothing(why) : together(runs.get(side) ?? [])];
	});
	return Object.fromEntries(measured) as Record<S, Measurement>;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true }, write: { type: 'boolean' } },
	});
	if (!existsSync(join(root, '.cache/n8n-2.41.1/installed'))) {
		execFileSync(process.execPath, [join(root, 'tools/n8n/ensure.mjs'), '2.41.1'], { stdio: ['ignore', 'ignore', 'inherit'] });
	}
	const before = load();
	const workloads: Row[] = [];
	for (const workload of WORKLOADS.filter(({ id }) => values.only?.includes(id) ?? true)) {
		const { id, title, items, minimumMetered, formula } = workload;
		workloads.push({ id, title, items, minimumMetered, formula, ...(await sidesOf(workload, SIDES)) });
	}
	const bare: Bare[] = [];
	for (const { id, ours } of workloads.filter((row) => BARE.includes(row.id))) {
		bare.push({ id, ours, ...(await sidesOf(workloadOf(id), ['bare'])) });
	}
	const report: Report = { workloads, bare, load: { before, after: load() }, weight: weigh() };
	if (values.write) writeFileSync(join(root, 'docs/benchmarks.md'), page(report));
	const { ours, googleCalendar } = report.weight;
	console.log(
		values.json
			? JSON.stringify(report, null, 2)
			: [
					...works(workloads),
					'',
					...table(workloads, true),
					'',
					`Load: ${ours.loadMs} ms, Google Calendar ${googleCalendar?.loadMs ?? '–'} ms. Packed: ${ours.tarballKB} KB, Google Calendar alone ${googleCalendar?.tarballKB ?? '–'} KB.`,
				].join('\n'),
	);
}

void main();
