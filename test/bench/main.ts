/** `npm run bench`: measures the package next to n8n's _HTTP Request_, and what it does besides. */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';

import { readCommandLine } from '../../tools/report/commandLine.cjs';
import { measure, nothing, together, type Figures, type Side } from './measure';
import { Servers, VERSION } from './n8n/servers';
import { measureAgentTool } from './agentTool';
import { HEAP_GROWTH_PERCENT, HEAP_SIDES, measureManyItems, type ManyItems } from './manyItems';
import { othersSections, type Others } from './others';
import { page, SIDES, table, updatedPage, weightSection, works, type Measurement, type Report, type Row } from './page';
import { weigh } from './weight';
import { measureWorkers } from './workers';
import { WORKLOADS, type Workload } from './workloads';
import { formatPages } from '../docs/formatPages';

/** What is not compared with the floor. The weight needs no n8n of its own, and is part of every run. */
const OTHERS = { workers: 'W10', manyItems: 'W11', agentTool: 'W13', weight: 'W14' };

const COMMAND = {
	script: 'bench',
	does: "Measures the package: W1 to W9 and W12 next to n8n's HTTP Request, W10 workers, W11 50,000 items, W13 an agent's tool, W14 the weight.",
	options: {
		only: {
			is: 'list',
			among: [...WORKLOADS.map(({ id }) => id), ...Object.values(OTHERS)],
			value: 'W1,W5',
			says: 'some of the work; the weight is always measured',
		},
		json: { is: 'flag', says: 'prints JSON in place of tables, and nothing else on standard output' },
		write: { is: 'flag', says: 'writes what was measured into docs/project/benchmarks.md' },
	},
} as const;

const root = join(__dirname, '../..');

const load = (): number => loadavg()[0] / availableParallelism();

/** What a side cannot do, however it is set up. */
function impossible({ id }: Workload, side: string): string | undefined {
	if (side !== 'floor') return undefined;
	if (id === 'W6' || id === 'W12') return 'the floor does not retry';
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

async function measureMany(): Promise<ManyItems> {
	const servers = await Servers.start(HEAP_SIDES, { METER_HEAP_GROWTH: String(HEAP_GROWTH_PERCENT) });
	try {
		process.stderr.write('W11 … ');
		const figures = await measureManyItems(servers);
		process.stderr.write(`${figures.longestBlockMs} ms at most without a break\n`);
		return figures;
	} finally {
		await servers.stop();
	}
}

async function main(): Promise<void> {
	const values = readCommandLine(COMMAND);
	const { only } = values;
	const before = load();
	const wanted = WORKLOADS.filter(({ id }) => only?.includes(id) ?? true);
	const isWanted = (what: keyof typeof OTHERS): boolean => only?.includes(OTHERS[what]) ?? true;
	const workloads = wanted.length > 0 ? await measureAll(wanted) : [];
	const others: Others = {
		workers: isWanted('workers') ? await measureWorkers() : undefined,
		manyItems: isWanted('manyItems') ? await measureMany() : undefined,
		agentTool: isWanted('agentTool') ? await measureAgentTool() : undefined,
	};
	const report: Report = { n8n: VERSION, workloads, others, load: { before, after: load() }, weight: weigh() };
	if (values.write) {
		const file = join(root, 'docs/project/benchmarks.md');
		const isWhole = workloads.length === WORKLOADS.length;
		const text = isWhole ? page(report) : updatedPage(readFileSync(file, 'utf8'), report);
		for (const [, formatted] of formatPages(new Map([['docs/project/benchmarks.md', text]])))
			writeFileSync(file, formatted);
	}
	console.log(
		values.json
			? JSON.stringify(report, null, 2)
			: [
					...(workloads.length > 0 ? [...works(workloads), '', ...table(workloads, true), ''] : []),
					...othersSections(others),
					...weightSection(report.weight, report.load),
				].join('\n'),
	);
}

void main();
