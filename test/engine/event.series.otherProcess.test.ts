/** Tests This and Following where another process changes the same series: what that one has made is not undone. */
import type { IDataObject, INodeParameters, IRun } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { instances } from '../simulator/calendar/views';
import { inZone } from '../simulator/calendar/time';
import { errorOf } from './harness';
import { hour, plant } from './support/events';
import { interfere } from './support/interference';
import { useDesk } from './support/setup';

const desk = useDesk({ waits: 'skipped' });

const REFUSED = { do: 'status', status: 400, code: 'invalidParameter', message: 'no' } as const;
const YEAR = { fromMs: 0, toMs: Date.parse('2027-01-01') };
const rule = (endDate: string): IDataObject => ({
	pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
	range: { type: 'endDate', endDate: `${endDate}T23:59:59+08:00` },
});

const store = () => desk().simulator.world.use(CalendarStore);

/** The days of all series, by title. */
const calendar = (): Record<string, string[]> => {
	const found: Record<string, string[]> = {};
	for (const event of [...store().all()].filter(({ cancelled }) => !cancelled))
		(found[event.details.summary] ??= []).push(
			...[...instances(event, YEAR)].map(({ details }) => inZone(details.span.startMs, 'Asia/Shanghai').slice(5, 10)),
		);
	return found;
};

const split = (): INodeParameters => ({
	resource: 'event',
	operation: 'update',
	user: desk().people[0].unionId,
	eventId: '={{ $json.series }}',
	applyTo: 'thisAndFollowing',
	occurrenceDate: '2026-03-17',
	updateFields: { summary: 'New' },
	runOptions: { concurrency: 1 },
});

const plantSeries = (): string =>
	plant(desk(), desk().people[0], { summary: 'Weekly', ...hour(3, 10), recurrence: rule('2026-03-31') });

const isCreation = (method: string, path: string): boolean => method === 'POST' && path.endsWith('/events');

it("keeps both series when n8n's Retry button repeats the change in another process", async () => {
	const items = [{ series: plantSeries() }, { series: 'missing' }];
	const parameters = split();
	const { run } = await desk().runNode({ parameters, items });
	const expected = { Weekly: ['03-03', '03-10'], New: ['03-17', '03-24', '03-31'] };
	expect(calendar()).toEqual(expected);
	interfere(desk(), (_, method, path) => (isCreation(method, path) ? REFUSED : undefined));
	const { engine, credential } = await desk().anotherProcess();
	const again: IRun = await engine.runNode({ parameters, items, credential, timezone: 'Asia/Shanghai', retryOf: run });
	await engine.stop();
	expect(errorOf(again)?.message).toMatch(/\[Item 0\]/);
	expect(calendar()).toEqual(expected);
});

it('is not put back when another process has made the same change meanwhile, and the error names both series', async () => {
	const items = [{ series: plantSeries() }];
	let other = '';
	interfere(desk(), (_, method, path) => {
		if (!isCreation(method, path)) return undefined;
		other = plant(desk(), desk().people[0], { summary: 'New', ...hour(17, 10), recurrence: rule('2026-03-31') });
		return REFUSED;
	});
	const { run } = await desk().runNode({ parameters: split(), items });
	expect(calendar()).toEqual({ Weekly: ['03-03', '03-10'], New: ['03-17', '03-24', '03-31'] });
	expect(errorOf(run)?.message).toContain(
		`Done: the series 'Weekly' ends on 2026-03-10; another series like the new one begins on 2026-03-17 (ID ${other}).`,
	);
	expect(errorOf(run)?.description).not.toMatch(/Retry On Fail|run this again/i);
});

it('is put back where the calendar cannot be read, and the error says that the new series of another process may be there', async () => {
	const items = [{ series: plantSeries() }];
	interfere(desk(), (_, method, path) => {
		if (isCreation(method, path)) return REFUSED;
		return path.endsWith('/eventsview') ? 'emptyBody' : undefined;
	});
	const { run } = await desk().runNode({ parameters: split(), items });
	expect(calendar()).toEqual({ Weekly: ['03-03', '03-10', '03-17', '03-24', '03-31'] });
	const error = errorOf(run);
	expect(error?.description).toContain("The series 'Weekly' is as it was.");
	expect(error?.description).toContain(
		'It could not be checked whether another execution has created the new series from 2026-03-17. If it has, its dates are there twice: delete one of the two.',
	);
});
