/** Tests the Subscription Calendar operations on the n8n engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { errorOf } from './harness';
import { callsOf, lookingUp, reading, requestsOf } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy, sending, stateOf, userPath } from './support/state';

const desk = useDesk();

const path = (): string => `${userPath(desk().people[0])}/subscribedCalendars`;
const wholeCompany = (): string => desk().simulator.world.company.corpId;
const group = (): string => desk().simulator.world.company.groups[0].openConversationId;
const calendars = async () => (await stateOf(desk())).subscribedCalendars;

/** Creates a calendar and clears the recorded calls. */
async function make(item: IDataObject = {}): Promise<string> {
	const [host, anna] = desk().people;
	const { items } = await desk().runWorkflow('subscriptionCalendar.create', [
		{ person: host.unionId, name: 'Holidays', people: anna.unionId, ...item },
	]);
	await desk().recorder.clear();
	return String(items[0].calendarId);
}

describe('creating a subscription calendar', () => {
	it('sends the scope and the managers and looks each person up once', async () => {
		const [host, anna, ben] = desk().people;
		const { items, pairs } = await desk().runWorkflow('subscriptionCalendar.create', [
			{
				person: host.unionId,
				name: ' Holidays ',
				about: 'Days off',
				people: [anna.mobile, ben.unionId],
				groups: group(),
				organizations: wholeCompany(),
				managers: anna.mobile,
			},
		]);
		const subscribeScope = {
			unionIds: [anna.unionId, ben.unionId],
			openConversationIds: [group()],
			corpIds: [wholeCompany()],
		};
		const content = { name: 'Holidays', description: 'Days off', managers: [anna.unionId], subscribeScope };
		expect(await requestsOf(desk())).toEqual([
			lookingUp('getbymobile', { mobile: anna.mobile }),
			lookingUp('get', { userid: anna.userId }),
			sending('POST', path(), content),
		]);
		expect(await meteredBy(desk())).toBe(1);
		expect(await calendars()).toMatchObject([{ ...content, author: host.unionId }]);
		expect(items).toEqual([{ calendarId: (await calendars())[0].calendarId, name: 'Holidays' }]);
		expect(pairs).toEqual([{ item: 0 }]);
	});

	it('sends only the fields that are filled in', async () => {
		const [host] = desk().people;
		await desk().runNode({
			parameters: {
				resource: 'subscriptionCalendar',
				operation: 'create',
				user: host.unionId,
				name: 'x',
				scopeOrganizations: wholeCompany(),
			},
		});
		expect(await requestsOf(desk())).toEqual([
			sending('POST', path(), { name: 'x', subscribeScope: { corpIds: [wholeCompany()] } }),
		]);
	});

	it('is not retried when the response is lost, as DingTalk would create a second calendar', async () => {
		await desk().control('faults', {
			match: { method: 'POST', path: '*/subscribedCalendars', times: 1 },
			do: 'dropAfterCommit',
		});
		const [host, anna] = desk().people;
		const { run } = await desk().runWorkflow('subscriptionCalendar.create', [
			{ person: host.unionId, name: 'x', people: anna.unionId },
		]);
		expect(errorOf(run)?.message).toMatch(/^Could not reach /);
		expect(await callsOf(desk())).toHaveLength(1);
		expect(await calendars()).toHaveLength(1);
	});

	it('is not sent again under another name when the response is lost', async () => {
		await desk().control('faults', { match: { path: '*/subscribedCalendars', nth: 1 }, do: 'dropAfterCommit' });
		const [host, anna] = desk().people;
		await desk().runNode({
			parameters: {
				resource: 'subscriptionCalendar',
				operation: 'create',
				user: host.unionId,
				name: "={{ 'Report ' + Math.random() }}",
				scopePeople: anna.unionId,
			},
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 1,
		});
		expect(await callsOf(desk())).toHaveLength(1);
	});

	it('with an idempotency key returns the calendar that there is, by the name that it has', async () => {
		const [host, anna] = desk().people;
		const names: unknown[] = [];
		for (const name of ['Report 1', 'Report 2']) {
			const { items } = await desk().runNode({
				parameters: {
					resource: 'subscriptionCalendar',
					operation: 'create',
					user: host.unionId,
					name,
					scopePeople: anna.unionId,
					runOptions: { idempotencyKey: 'report' },
				},
			});
			names.push(items[0].name);
		}
		expect((await calendars()).map(({ name }) => name)).toEqual(['Report 1']);
		expect(names).toEqual(['Report 1', 'Report 1']);
	});

	it.each([
		['name', 127, "'Name' is too long: 128 characters, but DingTalk accepts at most 127"],
		['about', 1024, "'Description' is too long: 1025 characters, but DingTalk accepts at most 1024"],
	])('accepts text for %s of up to %i characters', async (field, most, message) => {
		const [host, anna] = desk().people;
		const item = { person: host.unionId, name: 'x', people: anna.unionId };
		const over = await desk().runWorkflow('subscriptionCalendar.create', [{ ...item, [field]: '字'.repeat(most + 1) }]);
		expect(errorOf(over.run)?.message).toBe(`${message} [Item 0]`);
		expect(await callsOf(desk())).toEqual([]);
		const full = await desk().runWorkflow('subscriptionCalendar.create', [{ ...item, [field]: '字'.repeat(most) }]);
		expect(errorOf(full.run)).toBeUndefined();
		expect(await calendars()).toHaveLength(1);
	});
});

describe('using an existing subscription calendar', () => {
	it('returns its settings', async () => {
		const [host, anna] = desk().people;
		const calendarId = await make({ about: 'Days off', managers: [anna.unionId] });
		const { items } = await desk().runWorkflow('subscriptionCalendar.get', [{ person: host.unionId, calendarId }]);
		expect(await requestsOf(desk())).toEqual([reading(`${path()}/${calendarId}`)]);
		expect(await meteredBy(desk())).toBe(1);
		expect(items).toEqual([
			{
				calendarId,
				name: 'Holidays',
				description: 'Days off',
				author: host.unionId,
				managers: [anna.unionId],
				subscribeScope: { unionIds: [anna.unionId], openConversationIds: [], corpIds: [] },
			},
		]);
	});

	it('deletes it for everyone', async () => {
		const calendarId = await make();
		const { items } = await desk().runWorkflow('subscriptionCalendar.delete', [
			{ person: desk().people[0].unionId, calendarId },
		]);
		expect(await requestsOf(desk())).toEqual([sending('DELETE', `${path()}/${calendarId}`, null)]);
		expect(await meteredBy(desk())).toBe(1);
		expect(items).toEqual([{ deleted: true, calendarId }]);
		expect(await calendars()).toEqual([]);
	});

	it.each([
		['subscriptionCalendar.get', 'This person is not allowed to read the subscription calendar'],
		['subscriptionCalendar.delete', 'This person is not allowed to delete the subscription calendar'],
		['subscriptionCalendar.update', 'This person is not allowed to change the subscription calendar'],
	])('is not allowed for other people and says so (%s)', async (workflow, message) => {
		const calendarId = await make();
		const { run } = await desk().runWorkflow(workflow, [
			{ person: desk().people[2].unionId, calendarId, name: 'Mine' },
		]);
		expect(errorOf(run)?.message).toBe(`${message} [Item 0]`);
		expect(await calendars()).toMatchObject([{ name: 'Holidays' }]);
	});
});

describe('updating a subscription calendar', () => {
	it('sends only the fields that were added', async () => {
		const [host, anna] = desk().people;
		const calendarId = await make({ about: 'Days off', managers: [anna.unionId] });
		const { items } = await desk().runWorkflow('subscriptionCalendar.update', [
			{ person: host.unionId, calendarId, name: 'Feasts' },
		]);
		expect(await requestsOf(desk())).toEqual([sending('PUT', `${path()}/${calendarId}`, { name: 'Feasts' })]);
		expect(await meteredBy(desk())).toBe(1);
		expect(items).toEqual([{ updated: true, calendarId }]);
		expect(await calendars()).toMatchObject([{ name: 'Feasts', description: 'Days off', managers: [anna.unionId] }]);
	});

	it('keeps the groups and organizations when only the people change', async () => {
		const [host, anna, ben] = desk().people;
		const calendarId = await make({ groups: group(), organizations: wholeCompany() });
		await desk().runWorkflow('subscriptionCalendar.update', [
			{ person: host.unionId, calendarId, people: [anna.unionId, ben.unionId] },
		]);
		const subscribeScope = {
			unionIds: [anna.unionId, ben.unionId],
			openConversationIds: [group()],
			corpIds: [wholeCompany()],
		};
		expect(await requestsOf(desk())).toEqual([
			reading(`${path()}/${calendarId}`),
			sending('PUT', `${path()}/${calendarId}`, { subscribeScope }),
		]);
		expect(await meteredBy(desk())).toBe(2);
		expect(await calendars()).toMatchObject([{ subscribeScope }]);
	});

	it('clears a part of the scope as long as someone can still subscribe', async () => {
		const [host, anna] = desk().people;
		const calendarId = await make({ about: 'Days off', managers: [anna.unionId], organizations: wholeCompany() });
		const item = { person: host.unionId, calendarId, about: '', managers: '', people: '' };
		await desk().runWorkflow('subscriptionCalendar.update', [item]);
		expect(await calendars()).toMatchObject([
			{
				description: '',
				managers: [],
				subscribeScope: { unionIds: [], openConversationIds: [], corpIds: [wholeCompany()] },
			},
		]);
		const { run } = await desk().runNode({
			parameters: {
				resource: 'subscriptionCalendar',
				operation: 'update',
				user: host.unionId,
				calendarId,
				updateFields: { scopeOrganizations: '' },
			},
		});
		expect(errorOf(run)?.message).toBe("'Allowed People' is empty, and so are the groups and organizations [Item 0]");
		expect(await calendars()).toMatchObject([{ subscribeScope: { corpIds: [wholeCompany()] } }]);
	});
});

describe('using the Subscription Calendar resource with invalid input', () => {
	const CREATE = { operation: 'create', name: 'x', scopeOrganizations: 'ding1' };
	const UPDATE = { operation: 'update', calendarId: 'c' };

	it.each<[string, INodeParameters]>([
		["'Creator' is empty", { ...CREATE, user: "={{ '' }}" }],
		["'Name' is empty", { ...CREATE, name: "={{ ' ' }}" }],
		[
			"'Allowed People' is empty, and so are the groups and organizations",
			{ operation: 'create', name: 'x', scopePeople: ' ,' },
		],
		[
			"'Managers' cannot be used: 'a b?' is not a mobile number",
			{ ...CREATE, additionalFields: { managers: 'a b?', identifyBy: 'mobile' } },
		],
		["'Creator or Manager' is empty", { operation: 'get', user: "={{ '' }}", calendarId: 'c' }],
		["'Calendar' is empty", { operation: 'get', calendarId: "={{ '' }}" }],
		["'Calendar' is empty", { operation: 'delete', calendarId: '={{ null }}' }],
		["'Calendar' is empty", { ...UPDATE, calendarId: "={{ ' ' }}", updateFields: { name: 'x' } }],
		["'Update Fields' is empty", { ...UPDATE }],
		["'Update Fields' is empty", { ...UPDATE, updateFields: { identifyBy: 'userId' } }],
		["'Name' is empty", { ...UPDATE, updateFields: { name: '' } }],
	])('fails before any call: %s', async (message, parameters) => {
		const { run } = await desk().runNode({
			parameters: { resource: 'subscriptionCalendar', user: desk().people[0].unionId, ...parameters },
		});
		expect(errorOf(run)?.message).toBe(`${message} [Item 0]`);
		expect(await callsOf(desk())).toEqual([]);
	});
});
