/** Tests that every operation does and says the same, whichever way the simulator stands where DingTalk documents nothing. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { amount, sample } from '../long/amount';
import { CalendarStore } from '../simulator/calendar/calendarStore';
import { Random } from '../simulator/random';
import { defaultSwitches, type Switches } from '../simulator/switches';
import { switchValues } from '../simulator/switchValues';
import { errorOf } from './harness';
import { CASES } from './support/cases';
import { CRASH } from './support/crash';
import { hour, plant } from './support/events';
import { Desk, useDesk } from './support/setup';

const desk = useDesk({ waits: 'skipped' });

type Name = keyof Switches;

/** Switches that change what happens, so that another output is right; for all others there is one right output. */
const FACTS: readonly Name[] = [
	'attendeesInUpdate',
	'authorSubscribes',
	'freeBusyStatus',
	'freeBusyStatusReturned',
	'organizerAmongAttendees',
	'outOfRangeSubscribers',
	'privilegeSpelling',
	'recurringRooms',
	'remindersAbsentInUpdate',
	'rescheduleResetsResponses',
	'roomRespondBy',
	'sharedCalendarIds',
	'signInTwice',
	'signInWindow',
	'signOutWithoutSignIn',
	'unansweredFreeBusy',
	'virtualInstance',
	'writeResult',
];

const MORE_CASES: Record<string, (on: Desk) => INodeParameters> = {
	...Object.fromEntries(
		['get', 'getAll', 'getAgenda'].map((operation) => [
			`event.${operation}, whole days`,
			(on: Desk): INodeParameters => {
				const [start, end] = ['2026-03-03', '2026-03-05'].map((date) => ({ date }));
				const eventId = plant(on, on.people[0], { summary: 'Fair', isAllDay: true, start, end });
				return { eventId, timeMin: '2026-03-03T00:00', timeMax: '2026-03-04T00:00', period: 'day', date: '2026-03-03' };
			},
		]),
	),
	'event.update, the end alone': (on) => ({
		eventId: plant(on, on.people[0], hour(3, 10)),
		updateFields: { end: '2026-03-03T12:00' },
	}),
	'event.create, found by name': (on) => ({
		summary: 'Meeting',
		start: '2026-03-03T10:00',
		end: '2026-03-03T11:00',
		additionalFields: { attendees: on.people[1].name },
	}),
};
const ALL_CASES = { ...CASES, ...MORE_CASES };

/** IDs and links are new each time. */
const IS_NEW = /(id|ids|url|link|username|password|etag)$/i;

const withoutNew = (value: unknown): unknown =>
	JSON.parse(
		JSON.stringify(value, (key, part: unknown) =>
			IS_NEW.test(key) && typeof part === 'string' && part !== '' ? `(${key})` : part,
		),
	);

interface Outcome {
	items: unknown;
	error?: string;
	texts: string;
	/** What DingTalk then has. */
	events: unknown;
}

/** Runs the operation on a DingTalk whose switches stand like this. */
async function outcomeOf(id: string, switches: Partial<Switches>): Promise<Outcome> {
	const on = await Desk.open(desk().engine);
	try {
		const standing = on.simulator.world.switches;
		// What is in the calendar before is made by the test, not by the node.
		if (switches.eventIds) standing.eventIds = switches.eventIds;
		const parameters = ALL_CASES[id](on);
		Object.assign(standing, switches);
		const [resource, operation] = id.split(',')[0].split('.');
		const { run, items } = await on.runNode({
			parameters: { resource, operation, user: on.people[0].unionId, ...parameters },
			onError: 'continueRegularOutput',
		});
		const views = [...on.simulator.world.use(CalendarStore).all()];
		const events = views.map((view) => ({
			summary: view.details.summary,
			span: view.details.span,
			place: view.details.locationName,
			reminders: view.details.reminders,
			isCancelled: view.cancelled,
			people: view.attendees.map(({ unionId, response }) => `${unionId} ${response}`).sort(),
		}));
		const error = errorOf(run);
		const hideIds = (text: string): string => views.reduce((left, view) => left.replaceAll(view.id, '(event)'), text);
		return {
			items: withoutNew(JSON.parse(hideIds(JSON.stringify(items)))),
			error: error && hideIds(error.message),
			texts: [error?.message, error?.description, JSON.stringify(items)].join(' | '),
			events,
		};
	} finally {
		await on.close();
	}
}

const NAMES = Object.keys(switchValues) as Name[];

function randomPositions(random: Random, names: readonly Name[]): Partial<Switches> {
	return Object.fromEntries(names.map((name) => [name, random.pick<unknown>(switchValues[name])])) as Partial<Switches>;
}

const compared = ({ items, events, error }: Outcome): string => JSON.stringify([items, events, error]);

/** The switches that make the difference, for the message of a failed test. */
async function culprits(id: string, switches: Partial<Switches>, expected: Outcome): Promise<IDataObject> {
	const found: IDataObject = {};
	for (const [name, value] of Object.entries(switches)) {
		if (value === defaultSwitches()[name as Name]) continue;
		if (compared(await outcomeOf(id, { [name]: value })) !== compared(expected)) found[name] = value;
	}
	return found;
}

/** Each setting is for several operations, and each operation takes some of the settings, so that all of them are used. */
const SETTINGS = Array.from({ length: amount({ short: 60, long: 200 }) }, (_, setting) => setting);
const settingsFor = (index: number): number[] =>
	SETTINGS.filter((setting) => (setting + index) % amount({ short: 60, long: 8 }) === 0);
const cases = Object.keys(ALL_CASES).map((id, index) => ({ id, index }));

describe('An operation gives the same output and leaves the same calendar under random switches', () => {
	it.each(cases)('($id)', async ({ id, index }) => {
		const expected = await outcomeOf(id, {});
		const unknowns = NAMES.filter((name) => !FACTS.includes(name));
		for (const setting of settingsFor(index)) {
			const random = new Random();
			random.seed(setting);
			const switches = randomPositions(random, unknowns);
			const { items, events, error, ...outcome } = await outcomeOf(id, switches);
			const isSame = compared({ items, events, error, ...outcome }) === compared(expected);
			const because = isSame ? {} : await culprits(id, switches, expected);
			expect({ setting, because, items, events, error }).toEqual({
				setting,
				because: {},
				items: expected.items,
				events: expected.events,
				error: expected.error,
			});
		}
	});
});

describe('An operation ends with an output or an error of its own under random switches of every kind', () => {
	it.each(sample(cases, { every: 5 }))('($id)', async ({ id, index }) => {
		for (let setting = 0; setting < amount({ short: 1, long: 20 }); setting++) {
			const random = new Random();
			random.seed(500_000 + 1000 * index + setting);
			const switches = randomPositions(random, NAMES);
			const { texts } = await outcomeOf(id, switches);
			expect(CRASH.exec(texts) && { setting, switches, texts }).toBeNull();
		}
	});
});
