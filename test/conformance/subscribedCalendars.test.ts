/** Drives the calls on subscription calendars with DingTalk's official client against the simulator. */
import { Member } from './member';
import { invalidParameter, refusalOf } from './refusal';
import { useStage } from './stage';
import type { Fields } from './user';

const stage = useStage();
const member = async (index: number): Promise<Member> => Member.of(await stage.user(index));

const BLANK = '%20';
const permissionDenied = { status: 403, code: 'permissionDenied', message: 'permission denied' };

const toPeople = (...indexes: number[]): Fields => ({
	unionIds: indexes.map((index) => stage.person(index).unionId),
});

/** The seed's group chats, by the people in them: everybody, the front end, human resources. */
const group = (index: number): string => stage.world.company.groups[index].openConversationId;
const FRONT_END = 1;
const A_FRONT_END_ENGINEER = 11;
const A_BACK_END_ENGINEER = 21;

const holidays = (fields: Fields = {}): Fields => ({ name: 'Holidays', subscribeScope: toPeople(5), ...fields });

describe('createSubscribedCalendar', () => {
	it('stores every field of the calendar', async () => {
		const author = await member(0);
		const calendar = {
			name: 'Holidays',
			description: 'When we are closed',
			managers: [stage.person(1).unionId],
			subscribeScope: { ...toPeople(5), openConversationIds: [group(0)], corpIds: [stage.corpId] },
		};
		const calendarId = await author.createSubscribedCalendar(calendar);
		expect(await author.getSubscribedCalendar(calendarId)).toEqual({ ...calendar, calendarId, author: author.unionId });
	});

	it('accepts users, groups and organizations as its audience', async () => {
		const author = await member(A_FRONT_END_ENGINEER);
		const colleague = await member(A_FRONT_END_ENGINEER + 1);
		const stranger = await member(A_BACK_END_ENGINEER);
		const forGroup = await author.createSubscribedCalendar(
			holidays({ subscribeScope: { openConversationIds: [group(FRONT_END)] } }),
		);
		await colleague.subscribe(forGroup);
		expect(await refusalOf(stranger.subscribe(forGroup))).toMatchObject({ code: 'permissionDenied' });
		const forAll = await author.createSubscribedCalendar(holidays({ subscribeScope: { corpIds: [stage.corpId] } }));
		await stranger.subscribe(forAll);
		const forOne = await author.createSubscribedCalendar(holidays({ subscribeScope: toPeople(A_BACK_END_ENGINEER) }));
		await stranger.subscribe(forOne);
		expect(await refusalOf(colleague.subscribe(forOne))).toMatchObject({ code: 'permissionDenied' });
	});

	it('accepts a name of 127 characters and a description of 1,024 characters', async () => {
		const fields = { name: 'x'.repeat(127), description: 'x'.repeat(1024) };
		const author = await member(0);
		const calendarId = await author.createSubscribedCalendar(holidays(fields));
		expect(await author.getSubscribedCalendar(calendarId)).toMatchObject(fields);
	});

	it.each<[string, Fields]>([
		['calendar name cannot be blank', { name: undefined }],
		['calendar name cannot be blank', { name: ' ' }],
		['calendar name length must less than 128', { name: 'x'.repeat(128) }],
		['subscribe range cannot be null', { subscribeScope: undefined }],
		['subscribe range cannot be null', { subscribeScope: {} }],
		['subscribe range cannot be null', { subscribeScope: { unionIds: [], corpIds: [], openConversationIds: [] } }],
		['current user must in range', { subscribeScope: { corpIds: ['another organization'] } }],
		['current user must in range', { subscribeScope: { openConversationIds: ['another group'] } }],
	])('returns "%s" (row %#)', async (message, fields) => {
		expect(await refusalOf((await member(0)).createSubscribedCalendar(holidays(fields)))).toEqual(
			invalidParameter(message),
		);
	});

	it('returns "current user must in range" to a user who is not in the group', async () => {
		const stranger = await member(A_BACK_END_ENGINEER);
		const calendar = holidays({ subscribeScope: { openConversationIds: [group(FRONT_END)] } });
		expect(await refusalOf(stranger.createSubscribedCalendar(calendar))).toEqual(
			invalidParameter('current user must in range'),
		);
	});

	it.each<[string, Fields]>([
		['a description over 1024 characters', { description: 'x'.repeat(1025) }],
		['a reader given by userId', { subscribeScope: { unionIds: ['manager4220'] } }],
		['a manager given by userId', { managers: ['manager4220'] }],
	])('is refused for %s', async (_name, fields) => {
		expect(await refusalOf((await member(0)).createSubscribedCalendar(holidays(fields)))).toEqual(invalidParameter());
	});

	it("is refused for users outside the app's range", async () => {
		const author = await member(0);
		await stage.control('people', { userId: stage.person(0).userId, outsideScope: true });
		expect(await refusalOf(author.createSubscribedCalendar(holidays()))).toEqual(permissionDenied);
	});
});

describe('getSubscribedCalendar', () => {
	it('is allowed to the author and the managers', async () => {
		const [author, manager, reader] = [await member(0), await member(1), await member(5)];
		const calendarId = await author.createSubscribedCalendar(holidays({ managers: [manager.unionId] }));
		expect((await manager.getSubscribedCalendar(calendarId)).author).toBe(author.unionId);
		expect(await refusalOf(reader.getSubscribedCalendar(calendarId))).toEqual(permissionDenied);
	});

	it('returns "calendar id cannot be null" without ID and refuses an unknown calendar', async () => {
		const author = await member(0);
		expect(await refusalOf(author.getSubscribedCalendar(BLANK))).toEqual(
			invalidParameter('calendar id cannot be null'),
		);
		expect(await refusalOf(author.getSubscribedCalendar('nothing'))).toEqual(invalidParameter());
	});
});

describe('updateSubscribedCalendars', () => {
	it('changes the fields that are sent and leaves the rest unchanged, also for managers', async () => {
		const [author, manager] = [await member(0), await member(1)];
		const calendarId = await author.createSubscribedCalendar(
			holidays({ description: 'Old', managers: [manager.unionId] }),
		);
		expect(await manager.updateSubscribedCalendar(calendarId, { name: 'Days off' })).toEqual({ result: true });
		expect(await author.getSubscribedCalendar(calendarId)).toMatchObject({
			name: 'Days off',
			description: 'Old',
			managers: [manager.unionId],
			subscribeScope: toPeople(5),
		});
		await author.updateSubscribedCalendar(calendarId, { description: '', managers: [], subscribeScope: toPeople(6) });
		expect(await author.getSubscribedCalendar(calendarId)).toMatchObject({
			description: '',
			managers: [],
			subscribeScope: toPeople(6),
		});
	});

	it.each<[string, Fields]>([
		['calendar name cannot be blank', { name: '' }],
		['calendar name length must less than 128', { name: 'x'.repeat(128) }],
		['subscribe range cannot be null', { subscribeScope: {} }],
		['current user must in range', { subscribeScope: { corpIds: ['another organization'] } }],
	])('returns "%s"', async (message, fields) => {
		const author = await member(0);
		const calendarId = await author.createSubscribedCalendar(holidays());
		expect(await refusalOf(author.updateSubscribedCalendar(calendarId, fields))).toEqual(invalidParameter(message));
	});

	it('returns "calendar id cannot be blank" for a blank ID and is refused to readers', async () => {
		const [author, reader] = [await member(0), await member(5)];
		const calendarId = await author.createSubscribedCalendar(holidays());
		expect(await refusalOf(author.updateSubscribedCalendar(BLANK, {}))).toEqual(
			invalidParameter('calendar id cannot be blank'),
		);
		expect(await refusalOf(reader.updateSubscribedCalendar(calendarId, { name: 'Mine' }))).toEqual(permissionDenied);
	});
});

describe('deleteSubscribedCalendar', () => {
	it('removes the calendar from each list', async () => {
		const [author, reader] = [await member(0), await member(5)];
		const calendarId = await author.createSubscribedCalendar(holidays());
		await reader.subscribe(calendarId);
		expect(await author.deleteSubscribedCalendar(calendarId)).toEqual({ result: true });
		expect(await reader.calendars()).toHaveLength(1);
		expect(await refusalOf(author.getSubscribedCalendar(calendarId))).toEqual(invalidParameter());
	});

	it('is allowed only to the author and returns "calendarId cannot be blank" for a blank ID', async () => {
		const [author, manager] = [await member(0), await member(1)];
		const calendarId = await author.createSubscribedCalendar(holidays({ managers: [manager.unionId] }));
		expect(await refusalOf(manager.deleteSubscribedCalendar(calendarId))).toEqual(permissionDenied);
		expect(await refusalOf(author.deleteSubscribedCalendar(BLANK))).toEqual(
			invalidParameter('calendarId cannot be blank'),
		);
	});
});
