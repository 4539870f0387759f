/**
 * Tests that no list in the editor crashes, offers what cannot be chosen, leaves out what DingTalk sent, or shows a wrong day or
 * time, when fields of DingTalk's responses are missing, null, empty or doubled.
 */
import { DateTime } from 'luxon';
import type { IDataObject, INodeListSearchResult, INodeParameters } from 'n8n-workflow';

import { amount } from '../long/amount';
import { CalendarStore } from '../simulator/calendar/calendarStore';
import { AclStore } from '../simulator/sharing/aclStore';
import { Random } from '../simulator/random';
import { startChangingProxy, startRetypingProxy } from './support/changedResponses';
import { CRASH } from './support/crash';
import { hour, plant } from './support/events';
import { objectsIn, ZONE } from './support/rightTimes';
import { Desk, useDesk, useNowAsToday } from './support/setup';
import { credentialOf } from './support/state';

const desk = useDesk({ waits: 'skipped' });

useNowAsToday();

interface List {
	parameters?(on: Desk): INodeParameters;
	filter?: string;
	/** The values that an object of a response gives the list. */
	valueIn(sent: IDataObject): unknown;
	/** Only where the list holds everything that is in the responses, whatever is missing elsewhere. */
	isComplete?: boolean;
}

const forPerson = (on: Desk): INodeParameters => ({ user: on.people[0].unionId });

function fillCalendar(on: Desk): void {
	const [host] = on.people;
	const recurrence = { pattern: { type: 'weekly', interval: 1, daysOfWeek: 'tuesday' }, range: { type: 'noEnd' } };
	plant(on, host, { ...hour(3, 10), summary: 'Planning' });
	plant(on, host, { ...hour(4, 23), summary: 'Late' });
	plant(on, host, { ...hour(10, 9), summary: 'Weekly', recurrence });
	plant(on, host, { summary: 'Fair', isAllDay: true, start: { date: '2026-03-05' }, end: { date: '2026-03-06' } });
}

const LISTS: Record<string, List> = {
	searchEvents: { parameters: forPerson, isComplete: true, valueIn: ({ id, start, end }) => (start ?? end) && id },
	searchRooms: { parameters: forPerson, isComplete: true, valueIn: ({ roomId }) => roomId },
	searchCalendars: {
		parameters: forPerson,
		isComplete: true,
		valueIn: ({ id, type, timeZone }) => (timeZone === undefined ? undefined : type === 'primary' ? type : id),
	},
	searchPeople: { isComplete: true, valueIn: ({ unionid }) => unionid },
	'searchPeople, by name': { filter: '张伟', isComplete: true, valueIn: ({ unionid }) => unionid },
	searchDepartments: { isComplete: true, valueIn: ({ dept_id: id, name }) => name && id },
	'searchDepartments, by name': { filter: '前端组', valueIn: () => undefined },
	searchTimeZones: { valueIn: () => undefined },
};

const MOST_PAGES = 20;
const LABEL = /\b(\d{1,2} [A-Z][a-z]{2} \d{4})(?: (\d\d:\d\d))?(?: · this date)?$/;

/** The label of an event must have the event's day, and its time unless the event has lost it. */
function wrongLabel(name: string, value: unknown, on: Desk): string[] {
	const view = on.simulator.world.use(CalendarStore).byId(String(value));
	const [, day, time] = LABEL.exec(name) ?? [];
	if (!view || day === undefined) return [];
	// A whole day that DingTalk sends as a time, without saying that it is a day, is shown as that moment.
	const zone = time === undefined ? ZONE : 'utc';
	const start = DateTime.fromMillis(view.details.span.startMs, { zone, locale: 'en' });
	const isRight = day === start.toFormat('d LLL yyyy') && (time ?? start.toFormat('HH:mm')) === start.toFormat('HH:mm');
	return isRight ? [] : [`${name} begins at ${String(start.toISO())}`];
}

/** Labels without a time though each answer about the event had one. */
function lostTime(name: string, value: unknown, bodies: unknown[]): string[] {
	const about = objectsIn(bodies).filter(({ id }) => id === value);
	const starts = about.map(({ start }) => (start ?? {}) as IDataObject);
	const isSent = about.length > 0 && starts.every(({ dateTime }) => dateTime);
	const isDayOnly = about.some(({ isAllDay, end }) => isAllDay === true || (end as IDataObject | undefined)?.date);
	return isSent && !isDayOnly && !/\d\d:\d\d/.test(name) && !name.endsWith('whole series')
		? [`${name}: DingTalk sent the time`]
		: [];
}

async function problemsOf(id: string, seed: number, start = startChangingProxy): Promise<string[]> {
	const list = LISTS[id];
	const on = await Desk.open(desk().engine);
	const random = new Random();
	random.seed(seed);
	const proxy = await start(on.simulator.url, random, random.pick([0.02, 0.08, 0.25]));
	try {
		fillCalendar(on);
		on.simulator.world.use(AclStore).grant(on.people[1].unionId, on.people[0].unionId, 'reader');
		const credential = credentialOf(on, { baseUrl: proxy.url, clientId: 'sim-internal' });
		const results: INodeListSearchResult['results'] = [];
		let error: (Error & { description?: string }) | undefined;
		let token: string | undefined;
		for (let page = 0; page === 0 || (token !== undefined && page < MOST_PAGES); page++) {
			const search = { credential, parameters: list.parameters?.(on) ?? {} };
			const answer: INodeListSearchResult | Error = await on.engine
				.listSearch(search, id.split(',')[0], list.filter, token)
				.catch((failure: Error) => failure);
			if (answer instanceof Error) error = answer;
			else results.push(...answer.results);
			token = answer instanceof Error ? undefined : (answer.paginationToken as string | undefined);
		}
		const values = results.map(({ value }) => value);
		const sent = objectsIn(proxy.bodies).map(list.valueIn).filter(Boolean);
		const problems = [
			...[error?.message, error?.description, JSON.stringify(results)].flatMap(
				(text) => CRASH.exec(text ?? '')?.[0] ?? [],
			),
			...results
				.filter(({ name, value }) => !name || value === undefined || value === null || value === '')
				.map((result) => `cannot be chosen: ${JSON.stringify(result)}`),
			...results.flatMap(({ name, value }) => [...wrongLabel(name, value, on), ...lostTime(name, value, proxy.bodies)]),
			...(error || !list.isComplete ? [] : sent.filter((value) => !values.map(String).includes(String(value)))).map(
				(value) => `is not listed: ${String(value)}`,
			),
		];
		return problems.length > 0
			? [...problems, `seed ${seed}, ${id}`, ...proxy.changed, error?.message ?? 'no error', JSON.stringify(results)]
			: [];
	} finally {
		await proxy.close();
		await on.close();
	}
}

describe('A list in the editor when fields of responses are missing, null, empty or doubled', () => {
	const rounds = amount({ short: 4, long: 100 });
	it.each(Object.keys(LISTS).map((id, index) => ({ id, index })))('($id)', async ({ id, index }) => {
		const problems: string[] = [];
		for (let round = 0; round < rounds; round++)
			problems.push(...(await problemsOf(id, 1_000_000 + 1000 * index + round)));
		expect(problems).toEqual([]);
	});
});

describe('A list in the editor reads on, or says which response could not be read, when fields of responses have other types', () => {
	const rounds = amount({ short: 6, long: 150 });
	it.each(Object.keys(LISTS).map((id, index) => ({ id, index })))('($id)', async ({ id, index }) => {
		const problems: string[] = [];
		for (let round = 0; round < rounds; round++)
			problems.push(...(await problemsOf(id, 1_200_000 + 1000 * index + round, startRetypingProxy)));
		expect(problems).toEqual([]);
	});
});

describe('The options of the field for categories when fields of responses are missing, null, empty or doubled', () => {
	const seeds = Array.from({ length: amount({ short: 4, long: 100 }) }, (_, seed) => seed);
	it.each([
		['as documented', startChangingProxy],
		['of other types', startRetypingProxy],
	])('can all be chosen (%s)', async (_name, start) => {
		const problems: unknown[] = [];
		for (const seed of seeds) {
			const random = new Random();
			random.seed(1_500_000 + seed);
			const proxy = await start(desk().simulator.url, random, random.pick([0.08, 0.25]));
			const credential = credentialOf(desk(), { baseUrl: proxy.url, clientId: 'sim-internal' });
			const options = await desk()
				.engine.loadOptions({ credential, parameters: {} }, 'getCategories')
				.catch((error: Error) => error);
			await proxy.close();
			const texts = options instanceof Error ? [options.message] : options.map((option) => JSON.stringify(option));
			if (texts.some((text) => CRASH.test(text))) problems.push(seed, texts);
			if (options instanceof Error) continue;
			const sent = objectsIn(proxy.bodies).map(({ openCategoryId }) => openCategoryId);
			const wanted = sent.filter((id) => typeof id === 'string' && id !== '');
			if (options.some(({ name, value }) => !name || !value)) problems.push(seed, options);
			if (wanted.some((id) => !options.some(({ value }) => value === id))) problems.push(seed, wanted, options);
		}
		expect(problems).toEqual([]);
	});
});
