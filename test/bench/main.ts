/**
 * `npm run bench`: a table; `-- --json`: the same as JSON, and nothing else on standard output; `-- --only W1,W5`: some of the work (W14: only the weight, which every run measures);
 * `-- --write`: also writes docs/project/benchmarks.md, with `--only` the rows of that work.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { measure, nothing, together, type Figures, type Side } from './measure';
import { Servers, VERSION } from './n8n/servers';
import { page, SIDES, table, updatedPage, weightSection, works, type Measurement, type Report, type Row } from './page';
import { weigh } from './weight';
import { WORKLOADS, type Workload } from './workloads';
import { formatPages } from '../docs/formatPages';

/** Of the node's description and of the package; needs no n8n of its own, and is part of every run. */
const WEIGHT = 'W14';

const root = join(__dirname, '../..');

const load = (): number => loadavg()[0] / availableParallelism();

/** What a side cannot do, however it is set up. */
function impossible({ id }: Workload, side: string): string | undefined {
	if (side !== 'floor') return undefined;
	if (id === 'W6') return 'the floor does not retry';
	if (id === 'W7') return 'the floor does not remember finished items';
	return undefined;
}

/** Turn by turn, so that whatever else the machine does meets all sides. */
async function sidesOf(servers: Servers, workload: Workload): Promise<Record<Side, Measurement>> {
	const runs = new Map<Side, Figures[]>(SIDES.map((side) => [side, []]));
	for (let time = 0; time < (workload.times ?? 1); time++) {
		for (const side of SIDES.filter((one) => !impossible(workload, one))) {
			process.stderr.write(`${workload.id} ${side} … `);
			const figures = await measure(servers, workload, side);
			process.stderr.write(`${figures.wallMs} ms\n`);
			runs.get(side)?.push(figures);
		}
	}
	const measured = SIDES.map((side): [Side, Measurement] => {
		const why = impossible(workload, side);
		return [side, why ? nothing(why) : together(runs.get(side) ?? [])];
	});
	return Object.fromEntries(measured) as Record<Side, Measurement>;
}

async function measureAll(wanted: Workload[]): Promise<Row[]> {
	const servers = await Servers.start(['ours', 'httpRequest']);
	const rows: Row[] = [];
	for (const workload of wanted) {
		const { id, title, items, minimumMetered, formula } = workload;
		rows.push({ id, title, items, minimumMetered, formula, ...(await sidesOf(servers, workload)) });
	}
	await servers.stop();
	return rows;
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true }, write: { type: 'boolean' } },
	});
	const only = values.only?.flatMap((ids) => ids.split(','));
	const unknown = only?.find((id) => id !== WEIGHT && !WORKLOADS.some((one) => one.id === id));
	if (unknown !== undefined) throw new Error(`There is no workload ${unknown}`);
	const before = load();
	const wanted = WORKLOADS.filter(({ id }) => only?.includes(id) ?? true);
	const workloads = wanted.length > 0 ? await measureAll(wanted) : [];
	const report: Report = { n8n: VERSION, workloads, load: { before, after: load() }, weight: weigh() };
	if (values.write) {
		const file = join(root, 'docs/project/benchmarks.md');
		const text = values.only ? updatedPage(readFileSync(file, 'utf8'), report) : page(report);
		for (const [, formatted] of formatPages(new Map([['docs/project/benchmarks.md', text]])))
			writeFileSync(file, formatted);
	}
	console.log(
		values.json
			? JSON.stringify(report, null, 2)
			: [...works(workloads), '', ...table(workloads, true), '', ...weightSection(report.weight, report.load)].join(
					'\n',
				),
	);
}

void main();
