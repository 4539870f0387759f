/** Tests the page of benchmarks, which `npm run bench -- --only … --write` changes in parts. */
import { page, updatedPage, type Report, type Row } from '../../bench/page';
import { together, type Figures } from '../../bench/measure';

const figures = (wallMs: number, cpuMs: number): Figures =>
	together([
		{ wallMs, cpuMs, metered: 1, free: 0, token: 1, failed: 0, lost: 0, doubled: 0, peakHeapMB: 1, throttled: 0 },
	]);

const work = (id: string, ours: Figures): Row => ({
	id,
	title: `work of ${id}`,
	items: 1000,
	minimumMetered: 1,
	formula: '1',
	ours,
	httpRequest: figures(1000, 1000),
	floor: figures(1000, 1000),
});

const report = (workloads: Row[]): Report => ({
	n8n: '2.41.1',
	workloads,
	others: {},
	load: { before: 0, after: 0 },
	weight: { ours: { loadMs: 1, descriptionKB: 1, tarballKB: 1 }, googleCalendar: null, outlook: null },
});

const cells = (text: string, name: string): string[] =>
	text
		.split('\n')
		.filter((line) => line.startsWith(`| ${name} `))
		.map((line) => line.split('|')[2].trim());

describe('The page of benchmarks, when some work is measured again', () => {
	const whole = page(
		report([work('W1', figures(1000, 100)), work('W2', figures(2000, 200)), work('W5', figures(50_000, 500))]),
	);
	const updated = updatedPage(whole, report([work('W1', figures(1500, 300)), work('W5', figures(60_000, 600))]));

	it.each([
		['W1, wall time ÷ floor', '1.50×'],
		['W1, CPU ÷ HTTP Request', '0.30×'],
		['W5, wall time ÷ (items ÷ 20 per second)', '1.20×'],
		['W5, CPU ÷ HTTP Request', '0.60×'],
	])('shows the new figure of the goal "%s"', (name, figure) => {
		expect(cells(updated, name)).toEqual([figure]);
	});

	it('keeps the figures of the work that was not', () => {
		expect(cells(updated, 'W2, wall time ÷ floor')).toEqual(['2.00×']);
		expect(cells(updated, 'W2, CPU ÷ HTTP Request')).toEqual(['0.20×']);
	});

	it('says of each work how busy the machine was when it was measured last', () => {
		const later = (text: string): string[] =>
			text.split('\n').filter((line) => line.startsWith('Measured again later'));
		const once = later(updated);
		expect(once).toEqual([expect.stringMatching(/: W1, W5\.$/)]);
		const again = updatedPage(updated, report([work('W5', figures(60_000, 600)), work('W2', figures(1, 1))]));
		expect(
			later(again)
				.map((line) => line.split(': ')[1])
				.sort(),
		).toEqual(['W1.', 'W5, W2.']);
		const all = report([work('W1', figures(1, 1)), work('W2', figures(1, 1)), work('W5', figures(1, 1))]);
		expect(later(updatedPage(again, all))).toHaveLength(1);
	});
});
