/**
 * Tests that no operation and no poll crashes, or gives an event a wrong day or time, when fields of DingTalk's responses are
 * missing, null, empty or doubled.
 */
import type { INodeParameters } from 'n8n-workflow';

import { readCalendarText } from '../unit/icalendar/support';
import { amount } from '../long/amount';
import type { Span } from '../simulator/calendar/model';
import { CalendarStore } from '../simulator/calendar/calendarStore';
import { instances } from '../simulator/calendar/views';
import { Random } from '../simulator/random';
import { errorOf, itemsOf, TESTED_NODE, type CredentialReference } from './harness';
import { CASES } from './support/cases';
import { startChangingProxy, startRetypingProxy, type ChangingProxy } from './support/changedResponses';
import { CRASH } from './support/crash';
import { hour, plant } from './support/events';
import { DAY, HOUR, MINUTE } from '../../lib/dingtalk/utils/time';
import { Company, createPoller, guests, SimulatedTime, timed } from './support/polling';
import { isMoment, lostBusyTimes, wrongBusyTimes, wrongTimes, ZONE } from './support/rightTimes';
import { Desk, useDesk } from './support/setup';
import { credentialOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

const PROBABILITIES = [0.02, 0.08, 0.25] as const;

const opened: Array<{ close(): Promise<void> }> = [];
const closeAll = async (): Promise<void> => {
	for (const one of opened.splice(0)) await one.close();
};
afterEach(closeAll);

/** Changes the responses of this DingTalk, more or fewer of them. */
async function changingProxy(on: Desk, random: Random, start = startChangingProxy): Promise<ChangingProxy> {
	const proxy = await start(on.simulator.url, random, random.pick(PROBABILITIES));
	opened.push(proxy);
	return proxy;
}

/** An operation that sets times too, or that sees events of whole days. */
const MORE_CASES: Record<string, (on: Desk) => INodeParameters> = {
	'event.update, the end alone': (on) => ({
		eventId: plant(on, on.people[0], hour(3, 10)),
		updateFields: { end: '2026-03-03T12:00' },
	}),
	'event.upsert, which moves': (on) => {
		plant(on, on.people[0], { ...hour(3, 14), description: '[key: A1]' });
		return { externalKey: 'A1', summary: 'Moved', start: '2026-03-03T10:00', end: '2026-03-03T11:00' };
	},
	...Object.fromEntries(
		[
			{ type: 'weekly', interval: 2, daysOfWeek: 'tuesday' },
			{ type: 'relativeMonthly', interval: 1, daysOfWeek: 'tuesday', index: 'first' },
		].flatMap((pattern) =>
			['exportIcs', 'getInstances', 'upsert'].map((operation) => [
				`event.${operation}, ${pattern.type}`,
				(on: Desk): INodeParameters => {
					const recurrence = { pattern, range: { type: 'numbered', numberOfOccurrences: 3 } };
					const eventId = plant(on, on.people[0], { ...hour(3, 10), recurrence, description: '[key: A1]' });
					return {
						eventId,
						events: eventId,
						timeMin: '2026-03-03T00:00',
						timeMax: '2026-04-10T00:00',
						externalKey: 'A1',
						summary: 'Moved',
						start: '2026-03-03T10:00',
						end: '2026-03-03T11:00',
					};
				},
			]),
		),
	),
	...Object.fromEntries(
		['get', 'getAll', 'getAgenda', 'exportIcs'].map((operation) => [
			`event.${operation}, whole days`,
			(on: Desk): INodeParameters => {
				const eventId = plant(on, on.people[0], {
					summary: 'Fair',
					isAllDay: true,
					start: { date: '2026-03-03' },
					end: { date: '2026-03-05' },
				});
				return {
					eventId,
					events: eventId,
					timeMin: '2026-03-03T00:00',
					timeMax: '2026-03-04T00:00',
					period: 'day',
					date: '2026-03-03',
				};
			},
		]),
	),
	'freeBusy.get, whole days': (on) => {
		plant(on, on.people[0], {
			summary: 'Fair',
			isAllDay: true,
			start: { date: '2026-03-03' },
			end: { date: '2026-03-05' },
		});
		return { people: on.people[0].unionId, timeMin: '2026-03-01T00:00', timeMax: '2026-03-08T00:00' };
	},
};
const ALL_CASES = { ...CASES, ...MORE_CASES };

/** What the operations here set, apart from what is in the calendar before. */
const SET_BY_CASES = ['10:00–11:00', '10:00–12:00'].map((times) => {
	const [from, to] = times.split('–').map((time) => Date.parse(`2026-03-03T${time}:00+08:00`));
	return `${from}–${to}`;
});

const spanKey = ({ startMs, endMs }: Span): string => `${startMs}–${endMs}`;

const spansIn = (on: Desk): Set<string> =>
	new Set([...on.simulator.world.use(CalendarStore).all()].map(({ details }) => spanKey(details.span)));

const READ_BUSY = ['freeBusy.get', 'meetingRoom.getFreeBusy'];

interface Case {
	seed: number;
	id: string;
	start?: typeof startChangingProxy;
}

const through = (on: Desk, url: string): CredentialReference =>
	credentialOf(on, { baseUrl: url, clientId: 'sim-internal' });

/** Runs the operation on responses that are changed with this seed; returns what is wrong. */
async function problemsOf({ seed, id, start }: Case): Promise<string[]> {
	const on = await Desk.open(desk().engine);
	opened.push(on);
	const random = new Random();
	random.seed(seed);
	const proxy = await changingProxy(on, random, start);
	const [resource, operation] = id.split(',')[0].split('.');
	const parameters = ALL_CASES[id](on);
	const allowed = new Set([...spansIn(on), ...SET_BY_CASES]);
	const output = random.pick(['simplified', 'raw', 'selected']);
	const { run, items } = await on.runNode({
		parameters: { resource, operation, user: on.people[0].unionId, output, ...parameters },
		credential: through(on, proxy.url),
		onError: 'continueRegularOutput',
	});
	const texts = [errorOf(run)?.message, errorOf(run)?.description, JSON.stringify(items)];
	const problems = [
		...texts.flatMap((text) => CRASH.exec(text ?? '')?.[0] ?? []),
		...wrongTimes(items, on, output === 'raw' ? [] : proxy.bodies),
		...(READ_BUSY.includes(`${resource}.${operation}`)
			? [...wrongBusyTimes(items, on), ...lostBusyTimes(items, proxy.bodies)]
			: []),
		...[...spansIn(on)].filter((span) => !allowed.has(span)).map((span) => `the calendar now has ${span}`),
		...(operation === 'exportIcs' ? wrongFileTimes(run, on) : []),
	];
	await closeAll();
	const details = () => [`seed ${seed}, ${id}, ${output}`, ...proxy.changed, texts.join(' | ')];
	return problems.length > 0 ? [...problems, ...details()] : [];
}

function wrongFileTimes(run: Parameters<typeof itemsOf>[0], on: Desk): string[] {
	const files = itemsOf(run, TESTED_NODE).map(({ binary }) =>
		Buffer.from(binary?.data.data ?? '', 'base64').toString(),
	);
	const spans = [...on.simulator.world.use(CalendarStore).all()].flatMap((event) => [
		event.details.span,
		...[...instances(event, { fromMs: 0, toMs: Date.parse('2027-01-01') })].map(({ details }) => details.span),
	]);
	const crashes = files.flatMap((text) => CRASH.exec(text)?.[0] ?? []);
	if (crashes.length > 0) return crashes;
	const events = files.flatMap((text) => (text === '' ? [] : readCalendarText(text, ZONE)));
	return [
		...events
			.filter(({ start }) => !spans.some(({ startMs }) => isMoment(start, startMs)))
			.map(({ start }) => `the file has ${String(start)}`),
		// No date was moved or cancelled.
		...events
			.filter(({ start, occurrenceDate }) => occurrenceDate !== '' && occurrenceDate !== start)
			.map(({ start, occurrenceDate }) => `the file moves ${occurrenceDate} to ${start}`),
		...events.flatMap(({ excludedDates }) => excludedDates.map((date) => `the file leaves out ${date}`)),
	];
}

const ids = Object.keys(ALL_CASES);
const rounds = amount({ short: 2, long: 40 });

describe('An operation neither crashes nor gives a wrong day when fields of responses are missing, null, empty or doubled', () => {
	// Another part of the seeds each time would make a failure hard to repeat.
	it.each(ids.map((id, index) => ({ id, index })))('($id)', async ({ id, index }) => {
		const problems: string[] = [];
		for (let round = 0; round < rounds; round++) {
			problems.push(...(await problemsOf({ seed: 1000 * index + round, id })));
		}
		expect(problems).toEqual([]);
	});
});

describe('An operation reads on, or says which response could not be read, when fields of responses have other types', () => {
	it.each(ids.map((id, index) => ({ id, index })))('($id)', async ({ id, index }) => {
		const problems: string[] = [];
		for (let round = 0; round < rounds; round++) {
			const seed = 2_000_000 + 1000 * index + round;
			problems.push(...(await problemsOf({ seed, id, start: startRetypingProxy })));
		}
		expect(problems).toEqual([]);
	});
});

describe('The polling trigger neither crashes nor gives a wrong day when fields of responses are changed', () => {
	const kinds = [
		{ kind: 'missing, empty or doubled', start: startChangingProxy },
		{ kind: 'of other types', start: startRetypingProxy },
	];
	let time: SimulatedTime;
	beforeEach(() => {
		time = new SimulatedTime(desk(), '2026-03-02T00:00:00Z');
	});
	afterEach(() => time.end());

	const seeds = Array.from({ length: amount({ short: 3, long: 60 }) }, (_, seed) => seed);

	it.each(seeds.flatMap((seed) => kinds.map((one) => ({ seed, ...one }))))(
		'($kind, seed $seed)',
		async ({ seed, start }) => {
			const on = desk();
			const random = new Random();
			random.seed(77_000 + seed);
			const proxy = await changingProxy(on, random, start);
			const [anna, bo] = on.people;
			const company = new Company(on);
			const poller = createPoller(
				on,
				{
					people: [anna.unionId, bo.unionId].join(),
					triggerOn: ['created', 'updated', 'cancelled', 'responded', 'starting', 'ended'],
				},
				{ credentials: [through(on, proxy.url)] },
			);
			const first = company.create(anna, { ...timed(time.at + HOUR), ...guests(bo) });
			company.create(anna, { isAllDay: true, start: { date: '2026-03-03' }, end: { date: '2026-03-05' } });
			const failures: Error[] = [];
			await poller.start().catch((error: Error) => failures.push(error));
			for (let poll = 0; poll < 6; poll++) {
				const id = company.create(anna, { ...timed(time.at + DAY), ...guests(bo) });
				if (poll === 1) company.respond(first, bo, 'accepted');
				if (poll === 2) company.update(first, { summary: 'Renamed' });
				if (poll === 3) company.respond(id, bo, 'declined');
				if (poll === 4) company.cancel(id);
				time.advance(15 * MINUTE);
				await poller.tick();
			}
			const texts = [...failures, ...poller.errors].map(({ message, description }: Error & { description?: string }) =>
				[message, description].join(' '),
			);
			const problems = [
				...[...texts, JSON.stringify(poller.items)].flatMap((text) => CRASH.exec(text)?.[0] ?? []),
				...wrongTimes(poller.items, on),
			];
			expect(problems.length > 0 ? [...problems, ...texts, ...proxy.changed] : []).toEqual([]);
		},
	);
});
