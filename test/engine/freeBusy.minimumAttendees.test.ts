/** Tests 'Attendees Needed' and 'Fewest Meetings' of 'Find Common Free Time' on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Person } from '../simulator/company';
import { errorOf } from './harness';
import { plant } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy } from './support/state';

const desk = useDesk();

const ids = (people: Person[]): string => people.map(({ unionId }) => unionId).join(', ');
const label = ({ name, unionId }: Person): string => `${name} <${unionId}>`;

const meet = (person: Person, day: string, from: string, to: string): void => {
	plant(desk(), person, {
		start: { dateTime: `${day}T${from}:00+08:00`, timeZone: 'Asia/Shanghai' },
		end: { dateTime: `${day}T${to}:00+08:00`, timeZone: 'Asia/Shanghai' },
	});
};

const search = async (parameters: INodeParameters) =>
	await desk().runNode({
		parameters: {
			resource: 'freeBusy',
			operation: 'findSlots',
			user: desk().people[0].unionId,
			timeMin: '2026-03-03T09:00',
			timeMax: '2026-03-03T18:00',
			...parameters,
		},
		timezone: 'Asia/Shanghai',
	});

const find = async (people: Person[], options: IDataObject, more: INodeParameters = {}): Promise<IDataObject> => {
	const { run, items } = await search({ attendees: ids(people), options: options as INodeParameters, ...more });
	expect(errorOf(run)).toBeUndefined();
	return items[0];
};

describe("'Attendees Needed' of Find Common Free Time", () => {
	it('finds the first time at which enough of them are free, and invites those', async () => {
		const [, anna, ben, carl] = desk().people;
		meet(anna, '2026-03-03', '09:00', '10:00');
		meet(ben, '2026-03-03', '09:00', '11:00');
		const item = await find([anna, ben, carl], { anyOf: 2 });
		expect(item).toMatchObject({
			start: '2026-03-03T10:00:00+08:00',
			attendees: [anna, carl].map(label).join(', '),
			conflicts: [],
			explanation: `All required attendees are free. Of 3 people, 2 are free; chosen: ${anna.name}, ${carl.name}.`,
		});
		expect((item.alternatives as IDataObject[])[0]).toMatchObject({
			start: '2026-03-03T11:00:00+08:00',
			attendees: [anna, ben].map(label).join(', '),
		});
	});

	it('needs the organizer all the same, and optional attendees never', async () => {
		const [host, anna, ben, carl] = desk().people;
		meet(host, '2026-03-03', '09:00', '10:00');
		meet(carl, '2026-03-03', '09:00', '18:00');
		expect(await find([anna, ben], { anyOf: 1, optionalAttendees: carl.unionId })).toMatchObject({
			start: '2026-03-03T10:00:00+08:00',
			attendees: label(anna),
			optionalAttendees: label(carl),
			conflicts: [{ id: carl.unionId, reason: 'busy' }],
		});
	});

	it('explains that too few are free, and that fewer would do', async () => {
		const [, anna, ben, carl] = desk().people;
		meet(anna, '2026-03-03', '09:00', '18:00');
		meet(ben, '2026-03-03', '09:00', '18:00');
		const item = await find([anna, ben, carl], { anyOf: 2 });
		expect(item).toMatchObject({ found: false });
		expect(item.explanation).toContain('None of them is free for all required attendees and 2 of 3 people.');
		expect(item.explanation).toContain('need only 1 of these people (Tue 3 Mar 2026 09:00)');
		const { blockers } = item.why as { blockers: IDataObject[] };
		expect(blockers.map(({ person }) => person)).toEqual([anna.name, ben.name]);
	});

	it('explains in good grammar that one of several is needed', async () => {
		const [, anna, ben] = desk().people;
		const alone = { anyOf: 1, organizerAttends: false };
		for (const person of [anna, ben]) meet(person, '2026-03-03', '09:00', '18:00');
		expect((await find([anna, ben], alone)).explanation).toContain('None of them is free for 1 of 2 people.');
		const sunday = { timeMin: '2026-03-08', timeMax: '2026-03-09' };
		expect((await find([anna, ben], alone, sunday)).explanation).toContain(
			"No time between 'From' and 'To' is within the working hours of 1 of 2 people for 60 minutes without a break.",
		);
	});

	it('asks for a room with a seat for each who attends, not for each who might', async () => {
		const guests = desk().people.slice(1, 12);
		const item = await find(guests, { anyOf: 3 }, { roomChoice: 'any' });
		expect((item.rooms as IDataObject[])[0].seats).toBeLessThan(10);
	});

	it('calls the organizer the only one only where enough of the others are free', async () => {
		const [host, anna, ben] = desk().people;
		for (const person of [host, anna]) meet(person, '2026-03-03', '09:00', '18:00');
		meet(ben, '2026-03-03', '09:00', '13:00');
		const { explanation } = await find([anna, ben], { anyOf: 1, step: '60' });
		expect(explanation).toContain(
			`${host.name} is busy at 8 (the only obstacle at 5); ${anna.name} is busy at 8; ${ben.name} is busy at 3.`,
		);
	});

	describe('with calendars that cannot be read', () => {
		const hide = async (...people: Person[]): Promise<void> => {
			for (const { userId } of people) await desk().control('people', { userId, privateFreeBusy: true });
		};

		it('says that too few are left', async () => {
			const [, anna, ben, carl] = desk().people;
			await hide(anna, ben);
			const item = await find([anna, ben, carl], { anyOf: 2, unreadable: 'leaveOut' });
			expect(item).toMatchObject({ found: false });
			expect(item.explanation).toContain(
				"'Attendees Needed' is 2, but the calendars of only 1 of these people can be read.",
			);
			expect(item.explanation).toContain('need only 1 of these people');
		});

		it('says that they count as busy', async () => {
			const [, anna, ben, carl] = desk().people;
			await hide(anna, ben);
			const item = await find([anna, ben, carl], { anyOf: 2, unreadable: 'busy' });
			expect(item.explanation).toContain(
				'None of them is free for all required attendees and 2 of 3 people; a calendar that cannot be read counts as busy.',
			);
		});

		it('does not call them free', async () => {
			const [, anna, ben] = desk().people;
			await hide(ben);
			expect((await find([anna, ben], { anyOf: 2 })).explanation).toContain(
				'Of 2 people, 2 are free or have a calendar that cannot be read; chosen:',
			);
		});

		it('asks for a seat for each who attends if one is left out', async () => {
			const [, anna, ben, carl] = desk().people;
			desk().simulator.world.company.rooms[0].roomCapacity = 2;
			await hide(carl);
			const options = { anyOf: 2, unreadable: 'leaveOut' };
			const item = await find([anna, ben, carl], options, { roomChoice: 'any' });
			for (const { seats } of item.rooms as IDataObject[]) expect(seats).toBeGreaterThan(2);
		});
	});

	it.each<[string, IDataObject]>([
		["'Attendees Needed' is 3, but 'Attendees' names only 2", { anyOf: 3 }],
		["'Attendees Needed' must be a whole number from 0 to 5000, not -1", { anyOf: -1 }],
		["'Order of Results' needs 'Attendees Needed' for 'Fewest Meetings First'", { ranking: 'turn' }],
		["'Choose People By' has no option 'dice'", { anyOf: 1, chooseBy: 'dice' }],
	])('is refused: %s', async (message, options) => {
		const [, anna, ben] = desk().people;
		const { run } = await search({ attendees: ids([anna, ben]), options: options as INodeParameters });
		expect(errorOf(run)?.message).toBe(`${message} [Item 0]`);
		expect(await meteredBy(desk())).toBe(0);
	});
});

describe("'Fewest Meetings' of Find Common Free Time", () => {
	it('is the person with the fewest meetings in the window', async () => {
		const [, anna, ben, carl] = desk().people;
		meet(anna, '2026-03-03', '14:00', '15:00');
		meet(anna, '2026-03-03', '16:00', '17:00');
		meet(ben, '2026-03-03', '14:00', '15:00');
		meet(carl, '2026-03-03', '14:00', '15:00');
		meet(carl, '2026-03-03', '15:00', '16:00');
		meet(carl, '2026-03-03', '16:00', '17:00');
		const item = await find([anna, ben, carl], { anyOf: 2, chooseBy: 'turn' });
		expect(item).toMatchObject({
			start: '2026-03-03T09:00:00+08:00',
			attendees: [anna, ben].map(label).join(', '),
			explanation: `All required attendees are free. Of 3 people, 3 are free; chosen: ${ben.name} (1 meeting), ${anna.name} (2 meetings).`,
		});
	});

	it('is the person who met least recently, of those with equally many meetings', async () => {
		const [, anna, ben, carl, dora] = desk().people;
		meet(anna, '2026-03-02', '09:00', '10:00');
		meet(ben, '2026-02-20', '09:00', '10:00');
		meet(carl, '2026-02-27', '09:00', '10:00');
		plant(desk(), dora, { isAllDay: true, start: { date: '2026-03-02' }, end: { date: '2026-03-03' } });
		const turn = async (people: Person[]) => (await find(people, { anyOf: 1, chooseBy: 'turn' })).attendees;
		expect(await turn([anna, ben, carl])).toBe(label(ben));
		expect(await turn([anna, carl])).toBe(label(carl));
		// A whole day is no meeting, so this person has not met at all.
		expect(await turn([anna, ben, carl, dora])).toBe(label(dora));
		expect(await turn([carl, anna])).toBe(label(carl));
	});

	it('chooses a person whose calendar cannot be read last', async () => {
		const [, anna, ben] = desk().people;
		await desk().control('people', { userId: ben.userId, privateFreeBusy: true });
		meet(anna, '2026-03-03', '14:00', '15:00');
		expect((await find([ben, anna], { anyOf: 1, chooseBy: 'turn' })).attendees).toBe(label(anna));
	});

	it('does not count meetings that cannot be read', async () => {
		const [, anna, ben] = desk().people;
		await desk().control('people', { userId: ben.userId, privateFreeBusy: true });
		const { explanation } = await find([ben, anna], { anyOf: 2, chooseBy: 'turn' });
		expect(explanation).toContain(`chosen: ${anna.name} (0 meetings), ${ben.name}.`);
	});

	it('goes before an earlier time if asked to', async () => {
		const [, anna, ben] = desk().people;
		meet(ben, '2026-03-03', '09:00', '11:00');
		meet(anna, '2026-03-03', '15:00', '16:00');
		meet(anna, '2026-03-03', '16:00', '17:00');
		const options = { anyOf: 1, chooseBy: 'turn' };
		expect(await find([anna, ben], options)).toMatchObject({
			start: '2026-03-03T09:00:00+08:00',
			attendees: label(anna),
		});
		expect(await find([anna, ben], { ...options, ranking: 'turn' })).toMatchObject({
			start: '2026-03-03T11:00:00+08:00',
			attendees: label(ben),
		});
	});

	it('costs no call more', async () => {
		const [, anna, ben] = desk().people;
		await find([anna, ben], { anyOf: 1, chooseBy: 'turn' });
		expect(await meteredBy(desk())).toBe(1);
	});
});
