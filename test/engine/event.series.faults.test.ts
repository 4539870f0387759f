/** Tests This and Following with a fault at every call: nothing is lost or doubled, or the error says exactly what stands. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CalendarStore } from '../simulator/calendar/calendarStore';
import type { StoredEvent } from '../simulator/calendar/model';
import { instances } from '../simulator/calendar/views';
import { inZone } from '../simulator/calendar/time';
import type { FaultRule } from '../simulator/gateway/faults';
import { errorOf, hintsOf, TESTED_NODE } from './harness';
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

interface Variant {
	parameters: () => INodeParameters;
	/** The dates of the new series; none where the change only ends the old one. */
	after: string[];
	/** More than its calls. */
	calls: number;
	/** Whether the new series has what was changed. */
	isChanged?: (event: StoredEvent) => boolean;
}

const updated = (fields: () => INodeParameters): Variant['parameters'] => {
	return () => ({ operation: 'update', updateFields: { summary: 'New', ...fields() } });
};

const VARIANTS: Record<string, Variant> = {
	'another title': { parameters: updated(() => ({})), after: AFTER, calls: 20 },
	'another time': {
		parameters: updated(() => ({ start: '2026-03-17T11:00', end: '2026-03-17T12:00' })),
		after: ['03-17T11:00', '03-25T15:00', '03-31T11:00'],
		calls: 20,
	},
	'more people': {
		parameters: updated(() => ({
			attendeeChange: { change: { mode: 'add', attendees: desk().people[3].unionId } },
		})),
		after: AFTER,
		calls: 20,
		isChanged: ({ attendees }) => attendees.some(({ unionId }) => unionId === desk().people[3].unionId),
	},
	'another reminder': {
		parameters: updated(() => ({ reminders: { setting: { mode: 'custom', minutes: '5' } } })),
		after: AFTER,
		calls: 20,
		isChanged: ({ details }) => details.reminders.some(({ minutes }) => minutes === 5),
	},
	Delete: { parameters: () => ({ operation: 'delete' }), after: [], calls: 12 },
	Cancel: { parameters: () => ({ operation: 'cancel' }), after: [], calls: 12 },
};

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

async function change(variant: string, date: string, retry: boolean) {
	const { run } = await desk().runNode({
		parameters: {
			resource: 'event',
			user: desk().people[0].unionId,
			eventId: date,
			applyTo: 'thisAndFollowing',
			...VARIANTS[variant].parameters(),
		},
		...(retry ? { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 } : {}),
	});
	const error = errorOf(run);
	const hints = hintsOf(run, TESTED_NODE).map(({ message }) => /Not kept: (.*)/.exec(message)?.[1] ?? '');
	return {
		variant: VARIANTS[variant],
		notKept: hints.join(''),
		said: error ? `${error.message} ${error.description ?? ''}` : undefined,
	};
}

type Outcome = Awaited<ReturnType<typeof change>>;

const isNewAsMeant = ({ isChanged = () => true }: Variant): boolean =>
	[...store().all()].filter(({ details }) => details.summary === 'New').every(isChanged);

const bookedRooms = (): number =>
	[...store().all()].filter(({ details, rooms }) => details.summary === 'New' && rooms.length > 0).length;

/** How many dates of the new series have the room that only one date had. */
const datesWithOwnRoom = (): number =>
	[...store().all()]
		.filter(({ details }) => details.summary === 'New')
		.flatMap((event) => [...instances(event, YEAR)])
		.filter(({ rooms }) => rooms.some(({ roomId }) => roomId === roomsOf(desk())[1].roomId)).length;

/** What is wrong with the calendar and what was said about it. */
function problemsOf({ variant, notKept, said }: Outcome): string[] {
	const { after } = variant;
	const hasNext = after.length > 0;
	const { Weekly: old = [], New: next = [] } = calendar();
	const isWhole = old.join() === WHOLE.join();
	const isCut = old.join() === BEFORE.join();
	const problems: string[] = [];
	const claim = (isTrue: boolean, problem: string): void => {
		if (!isTrue) problems.push(`${problem}: ${old.join()} | ${next.join()} | ${said ?? 'no error'}`);
	};
	if (said === undefined) {
		claim(isCut || notKept.includes('2026-03-10'), 'The first part is not as it should be');
		claim(
			notKept !== '' ||
				(next.join() === after.join() && (!hasNext || (bookedRooms() === 1 && datesWithOwnRoom() === 1))),
			'The second part is not as it should be',
		);
		claim(isNewAsMeant(variant), 'The second part lacks the change');
		return problems;
	}
	if (!said.startsWith('The series was changed only in part')) {
		const mayBeDone = said.includes('may have been carried out') || said.includes('appears later');
		claim(isWhole || mayBeDone, 'The series is not as it was');
		claim(next.length === 0 || mayBeDone, 'There is a second series');
		return problems;
	}
	const [, done = '', notDone = ''] =
		/Done: (.*?)\. Not done: (.*?)\. /.exec(said) ?? /Done: (.*?)\. /.exec(said) ?? [];
	const isUnknown = done.includes('it is unknown whether') || notDone.includes('which may exist anyway');
	const saysCut = /(?<!whether )the series 'Weekly' ends on 2026-03-10/.test(done);
	const saysNext = done.includes('a new series begins on 2026-03-17');
	claim(isUnknown || saysCut === old.length <= BEFORE.length, 'What is said of the first part is not true');
	claim(isUnknown || saysNext === next.length > 0, 'What is said of the second part is not true');
	const saysDates = notDone.includes('single dates') || notDone.includes('single date');
	claim(
		isUnknown || saysDates || (isCut ? next.length === 0 || next.join() === after.join() : isWhole),
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

interface Case {
	variant: string;
	call: number;
	name: string;
	action: Omit<FaultRule, 'match'>;
	length: (typeof LENGTHS)[number];
}

/** Each fault at each call of each variant; beyond the first variant, the lengths take turns. */
const cases = Object.entries(VARIANTS).flatMap(([variant, { calls }], position) =>
	Array.from({ length: calls }, (_, index) => index + 1).flatMap((call) =>
		ACTIONS.flatMap(([name, action], turn) =>
			LENGTHS.filter((_, index) => position === 0 || (call + turn + position) % LENGTHS.length === index).map(
				(length): Case => ({ variant, call, name, action, length }),
			),
		),
	),
);

it.each(Object.keys(VARIANTS))('Splitting a series takes fewer calls than these tests disturb: %s', async (variant) => {
	const { date } = await prepare();
	const result = await change(variant, date, false);
	expect(problemsOf(result)).toEqual([]);
	expect([result.said, result.notKept]).toEqual([undefined, '']);
	expect((await desk().recorder.meteredCalls()).length).toBeLessThan(VARIANTS[variant].calls);
});

// A short run takes every so many of these, by a number that no part of them divides, so that it meets all kinds.
it.each(sample(cases, { every: 89 }))(
	'Splitting a series loses and duplicates nothing, or describes the current state: $variant, call $call, $name, $length',
	async ({ variant, call, action, length }) => {
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
		expect(problemsOf(await change(variant, date, false))).toEqual([]);
	},
);

it.each(
	sample(
		cases.filter(({ length }) => length === 'once'),
		{ every: 37 },
	),
)('A split series is complete after n8n retries: $variant, call $call, $name', async ({ variant, call, action }) => {
	const { date } = await prepare();
	interfere(desk(), (number) => (number === call ? action : undefined));
	const result = await change(variant, date, true);
	expect(problemsOf(result)).toEqual([]);
	expect(result.said).toBeUndefined();
});
