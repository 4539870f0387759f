/** Tests This and Following with a fault at every call: nothing is lost or doubled, or the error says exactly what stands. */
import type { IDataObject } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import { instances } from '../simulator/calendar/views';
import { inZone } from '../simulator/calendar/time';
import type { FaultRule } from '../simulator/gateway/faults';
import { errorOf } from './harness';
import { hour, plant } from './support/events';
import { interfere } from './support/interference';
import { useDesk } from './support/setup';
import { reserve, roomsOf } from './support/state';
import { sample } from '../long/amount';

const desk = useDesk({ waits: 'skipped' });

const YEAR = { fromMs: 0, toMs: Date.parse('2027-01-01') };
const SERIES: IDataObject = {
	summary: 'Weekly',
	...hour(3, 10),
	recurrence: {
		pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' },
		range: { type: 'endDate', endDate: '2026-04-07T23:59:59+08:00' },
	},
};

const store = () => desk().simulator.world.use(CalendarStore);

/** The dates of all series that exist, by title, as "day time". */
function calendar(): Record<string, string[]> {
	const found: Record<string, string[]> = {};
	for (const event of store().all()) {
		if (event.cancelled) continue;
		const views = [...instances(event, YEAR)].filter(({ cancelled }) => !cancelled);
		const dates = views.map(({ details }) => inZone(details.span.startMs, 'Asia/Shanghai').slice(5, 16)).sort();
		found[event.details.summary] = [...(found[event.details.summary] ?? []), ...dates];
	}
	return found;
}

const WHOLE = ['03-03T10:00', '03-11T15:00', '03-17T10:00', '03-25T15:00', '03-31T10:00'];
const BEFORE = WHOLE.slice(0, 2);
const AFTER = WHOLE.slice(2);

/** A series with a room, a moved date before the cut, and after it a cancelled one and a moved one with a room of its own. */
async function prepare(): Promise<{ id: string; date: string }> {
	const [host, anna] = desk().people;
	const id = plant(desk(), host, { ...SERIES, attendees: [{ id: anna.unionId }] });
	reserve(desk(), id, [roomsOf(desk())[0].roomId]);
	const event = store().byId(id)?.event;
	if (!event) throw new Error('The series was not planted');
	const [, second, third, fourth, , sixth] = [...instances(event, YEAR)];
	for (const [view, day] of [
		[second, 11],
		[fourth, 25],
	] as const) {
		const startMs = Date.parse(`2026-03-${day}T15:00:00+08:00`);
		const span = { allDay: false as const, startMs, endMs: startMs + 3_600_000, zone: 'Asia/Shanghai' };
		store().update(view, { details: { span } }, host.unionId);
	}
	store().cancel(sixth, host.unionId);
	reserve(desk(), fourth.id, [roomsOf(desk())[1].roomId]);
	await Promise.resolve();
	return { id, date: third.id };
}

async function change(date: string, retry: boolean) {
	const { run, items } = await desk().runNode({
		parameters: {
			resource: 'event',
			operation: 'update',
			user: desk().people[0].unionId,
			eventId: date,
			applyTo: 'thisAndFollowing',
			updateFields: { summary: 'New' },
		},
		...(retry ? { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } : {}),
	});
	const error = errorOf(run);
	return { items, said: error ? `${error.message} ${error.description ?? ''}` : undefined };
}

const bookedRooms = (): number =>
	[...store().all()].filter(({ details, rooms }) => details.summary === 'New' && rooms.length > 0).length;

/** How many dates of the new series have the room that only one date had. */
const datesWithOwnRoom = (): number =>
	[...store().all()]
		.filter(({ details }) => details.summary === 'New')
		.flatMap((event) => [...instances(event, YEAR)])
		.filter(({ rooms }) => rooms.some(({ roomId }) => roomId === roomsOf(desk())[1].roomId)).length;

/** What is wrong with the calendar and what was said about it. */
function problemsOf({ items, said }: { items: IDataObject[]; said?: string }): string[] {
	const { Weekly: old = [], New: next = [] } = calendar();
	const isWhole = old.join() === WHOLE.join();
	const isCut = old.join() === BEFORE.join();
	const problems: string[] = [];
	const claim = (isTrue: boolean, problem: string): void => {
		if (!isTrue) problems.push(`${problem}: ${old.join()} | ${next.join()} | ${said ?? 'no error'}`);
	};
	if (said === undefined) {
		const notKept = (items[0]?.notKept as string[]).join();
		claim(isCut || notKept.includes('2026-03-10'), 'The first part is not as it should be');
		claim(
			notKept !== '' || (next.join() === AFTER.join() && bookedRooms() === 1 && datesWithOwnRoom() === 1),
			'The second part is not as it should be',
		);
		return problems;
	}
	if (!said.startsWith('The series was changed only in part')) {
		const mayBeDone = said.includes('may have been made') || said.includes('appears later');
		claim(isWhole || mayBeDone, 'The series is not as it was');
		claim(next.length === 0 || mayBeDone, 'There is a second series');
		return problems;
	}
	const [, done = '', notDone = ''] = /Done: (.*?)\. Not done: (.*?)\. /.exec(said) ?? [];
	const isUnknown = done.includes('it is unknown whether') || notDone.includes('which may exist anyway');
	const saysCut = /(?<!whether )the series 'Weekly' ends on 2026-03-10/.test(done);
	const saysNext = done.includes('a new series begins on 2026-03-17');
	claim(isUnknown || saysCut === old.length <= BEFORE.length, 'What is said of the first part is not true');
	claim(isUnknown || saysNext === next.length > 0, 'What is said of the second part is not true');
	const saysDates = notDone.includes('single dates') || notDone.includes('single date');
	claim(
		isUnknown || saysDates || (isCut ? next.length === 0 || next.join() === AFTER.join() : isWhole),
		'A change of a single date is lost without a word',
	);
	claim(isUnknown || !saysNext || saysDates || datesWithOwnRoom() === 1, 'The room of a date is lost without a word');
	claim(saysNext === false || notDone.includes('room') || bookedRooms() === 1, 'The room is lost without a word');
	return problems;
}

const REFUSED: Omit<FaultRule, 'match'> = { do: 'status', status: 400, code: 'invalidParameter', message: 'no' };
const FULL: Omit<FaultRule, 'match'> = { do: 'status', status: 400, code: 'flowLimit', message: 'no more' };
const BROKEN: Omit<FaultRule, 'match'> = { do: 'status', status: 500, code: 'unknownError', message: '?' };
const ACTIONS: Array<[string, Omit<FaultRule, 'match'>]> = [
	['refused', REFUSED],
	['the day is full', FULL],
	['server error', BROKEN],
	['lost before it was carried out', { do: 'dropBeforeCommit' }],
	['lost after it was carried out', { do: 'dropAfterCommit' }],
	['cut off', { do: 'truncate' }],
	['an error page', { do: 'html', status: 502 }],
];
/** One call, all calls from it on, or this kind of call from it on. */
const LENGTHS = ['once', 'from then on', 'that kind of call'] as const;

/** More than the change makes. */
const CALLS = Array.from({ length: 20 }, (_, index) => index + 1);

/** A short run takes every so many of these, by a number that no part of them divides, so that it meets all kinds. */
const cases = CALLS.flatMap((call) =>
	ACTIONS.flatMap(([name, action]) => LENGTHS.map((length) => ({ call, name, action, length }))),
);

it('Splitting a series takes fewer calls than these tests disturb', async () => {
	const { date } = await prepare();
	const result = await change(date, false);
	expect(problemsOf(result)).toEqual([]);
	expect(result.items[0].notKept).toEqual([]);
	expect((await desk().recorder.meteredCalls()).length).toBeLessThan(CALLS.length);
});

it.each(sample(cases, { every: 37 }))(
	'Splitting a series loses and duplicates nothing, or describes the current state: call $call, $name, $length',
	async ({ call, action, length }) => {
		const { date } = await prepare();
		let kind: string | undefined;
		interfere(desk(), (number, method, path) => {
			const name = `${method} ${path.split('/').slice(-1)[0]}`;
			if (number === call) kind = name;
			const isStruck = {
				once: number === call,
				'from then on': number >= call,
				'that kind of call': number >= call && name === kind,
			}[length];
			return isStruck ? action : undefined;
		});
		expect(problemsOf(await change(date, false))).toEqual([]);
	},
);

it.each(
	sample(
		cases.filter(({ length }) => length === 'once'),
		{ every: 27 },
	),
)('A split series is complete after n8n retries: call $call, $name', async ({ call, action }) => {
	const { date } = await prepare();
	interfere(desk(), (number) => (number === call ? action : undefined));
	const result = await change(date, true);
	expect(problemsOf(result)).toEqual([]);
	expect(result.said).toBeUndefined();
});
