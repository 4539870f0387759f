/** Tests the Access Control operations on the n8n engine. */
import type { INodeParameters } from 'n8n-workflow';

import { AclStore, type Privilege } from '../simulator/sharing/aclStore';
import { errorOf } from './harness';
import { calendarPath, callsOf, lookingUp, reading, requestsOf } from './support/events';
import { useDesk } from './support/setup';
import { credentialOf, meteredBy, sending, signedIn, stateOf } from './support/state';

const desk = useDesk();

const share = (grantee: number, privilege: Privilege = 'reader'): string =>
	desk().simulator.world.use(AclStore).grant(desk().people[0].unionId, desk().people[grantee].unionId, privilege).aclId;

const naming = (unionid: string) => ({
	method: 'POST',
	path: '/topapi/user/getbyunionid',
	query: { access_token: '[redacted]' },
	body: { unionid },
	once: false,
});

describe('sharing a calendar', () => {
	it.each(['free_busy_reader', 'title_reader', 'reader', 'writer'])(
		'grants a person the access level %s',
		async (privilege) => {
			const [owner, anna] = desk().people;
			const { items, pairs } = await desk().runWorkflow('accessControl.create', [
				{ person: owner.unionId, colleague: anna.mobile, privilege },
			]);
			expect(await requestsOf(desk())).toEqual([
				lookingUp('getbymobile', { mobile: anna.mobile }),
				lookingUp('get', { userid: anna.userId }),
				sending('POST', `${calendarPath(owner)}/acls`, {
					privilege,
					sendMsg: false,
					scope: { scopeType: 'user', userId: anna.unionId },
				}),
			]);
			expect(await meteredBy(desk())).toBe(1);
			const { acls } = await stateOf(desk());
			expect(acls).toMatchObject([{ owner: owner.unionId, grantee: anna.unionId, privilege }]);
			expect(items).toEqual([{ aclId: acls[0].aclId, privilege, userId: anna.unionId }]);
			expect(pairs).toEqual([{ item: 0 }]);
		},
	);

	it('grants free/busy access and notifies the person by default', async () => {
		const [owner, anna] = desk().people;
		await desk().runNode({
			parameters: { resource: 'accessControl', operation: 'create', user: owner.unionId, grantee: anna.unionId },
		});
		expect((await requestsOf(desk())).map(({ body }) => body)).toEqual([
			{ privilege: 'free_busy_reader', sendMsg: true, scope: { scopeType: 'user', userId: anna.unionId } },
		]);
	});

	it('reports that it is already shared with too many people', async () => {
		const [owner, , ben] = desk().people;
		await desk().control('limits', { sharesPerPerson: 1 });
		share(1);
		const { run } = await desk().runWorkflow('accessControl.create', [
			{ person: owner.unionId, colleague: ben.unionId, privilege: 'reader' },
		]);
		expect(errorOf(run)?.message).toBe('This calendar is already shared with the maximum number of people [Item 0]');
		expect((await stateOf(desk())).acls).toHaveLength(1);
	});
});

describe('listing the people a calendar is shared with', () => {
	it('includes names and looks each up once per run', async () => {
		const [owner, anna, ben] = desk().people;
		const [first, second] = [share(1), share(2, 'writer')];
		const { items, pairs } = await desk().runWorkflow('accessControl.getAll', [
			{ person: owner.unionId },
			{ person: owner.unionId },
		]);
		const listed = [
			{ aclId: first, privilege: 'reader', userId: anna.unionId, name: anna.name },
			{ aclId: second, privilege: 'writer', userId: ben.unionId, name: ben.name },
		];
		expect(items).toEqual([...listed, ...listed]);
		expect(pairs).toEqual([{ item: 0 }, { item: 0 }, { item: 1 }, { item: 1 }]);
		const requests = await requestsOf(desk());
		expect(requests.filter(({ method }) => method === 'GET')).toEqual(
			[0, 1].map(() => reading(`${calendarPath(owner)}/acls`)),
		);
		const lookUps = requests.filter(({ method }) => method === 'POST');
		expect(lookUps).toHaveLength(4);
		expect(lookUps).toEqual(
			expect.arrayContaining(
				[anna, ben].flatMap(({ unionId, userId }) => [naming(unionId), lookingUp('get', { userid: userId })]),
			),
		);
		expect(await meteredBy(desk())).toBe(2);
	});

	it('omits names when they are not requested', async () => {
		const [owner, anna] = desk().people;
		const aclId = share(1);
		const { items } = await desk().runNode({
			parameters: {
				resource: 'accessControl',
				operation: 'getAll',
				user: owner.unionId,
				options: { lookUpNames: false },
			},
		});
		expect(items).toEqual([{ aclId, privilege: 'reader', userId: anna.unionId, name: null }]);
		expect(await requestsOf(desk())).toEqual([reading(`${calendarPath(owner)}/acls`)]);
	});

	it('returns no name for a person whom contacts do not return', async () => {
		const [owner, anna, ben] = desk().people;
		const aclId = share(1);
		share(2);
		await desk().control('people', { userId: anna.userId, outsideScope: true });
		const { items } = await desk().runWorkflow('accessControl.getAll', [{ person: owner.unionId }]);
		expect(items).toMatchObject([{ aclId, name: null }, { name: ben.name }]);
	});

	it('does not look up names with a signed-in user credential', async () => {
		const [owner] = desk().people;
		const aclId = share(1);
		const { items } = await desk().runNode({
			credential: signedIn(desk(), owner),
			parameters: { resource: 'accessControl', operation: 'getAll', user: owner.unionId },
		});
		expect(items).toMatchObject([{ aclId, name: null }]);
		expect(await requestsOf(desk())).toEqual([reading(`${calendarPath(owner)}/acls`)]);
	});

	it('no longer includes a person whose access was removed', async () => {
		const [owner] = desk().people;
		const [first, second] = [share(1), share(2)];
		const { items } = await desk().runWorkflow('accessControl.delete', [{ person: owner.unionId, aclId: first }]);
		expect(await requestsOf(desk())).toEqual([sending('DELETE', `${calendarPath(owner)}/acls/${first}`, null)]);
		expect(await meteredBy(desk())).toBe(1);
		expect(items).toEqual([{ deleted: true, aclId: first }]);
		expect((await stateOf(desk())).acls.map(({ aclId }) => aclId)).toEqual([second]);
	});
});

describe('sharing calendars as a third-party app', () => {
	it.each<[string, string, INodeParameters]>([
		['create', 'share the calendar', { grantee: 'NobodyKnowsThisOneiEiE' }],
		['delete', 'stop sharing the calendar', { aclId: 'a' }],
		['getAll', 'list who the calendar is shared with', {}],
	])('is rejected with a clear message before any call (%s)', async (operation, does, parameters) => {
		const { corpId } = desk().simulator.world.company;
		const { run } = await desk().runNode({
			credential: credentialOf(desk(), { appType: 'thirdParty', clientId: 'sim-thirdparty', corpId }),
			parameters: { resource: 'accessControl', operation, user: desk().people[0].unionId, ...parameters },
		});
		expect(errorOf(run)?.message).toBe(`DingTalk does not allow this type of app to ${does} [Item 0]`);
		expect(errorOf(run)?.description).toBe("Use a credential whose 'App Type' is Internal App.");
		expect(await callsOf(desk())).toEqual([]);
	});
});

describe('using the Access Control resource with invalid input', () => {
	it.each<[string, INodeParameters]>([
		["'Calendar Owner' is empty", { operation: 'create', user: "={{ '' }}", grantee: 'u1' }],
		["'Share With' is empty", { operation: 'create', grantee: '={{ null }}' }],
		[
			"'Access Level' has no option 'everything'",
			{ operation: 'create', grantee: 'u1', privilege: "={{ 'everything' }}" },
		],
		[
			"'Notify Person' is neither true nor false: maybe",
			{ operation: 'create', grantee: 'u1', notify: "={{ 'maybe' }}" },
		],
		["'Access ID' is empty", { operation: 'delete', aclId: "={{ ' ' }}" }],
		["'Calendar Owner' is empty", { operation: 'getAll', user: '={{ null }}' }],
		["'Calendar' is empty", { operation: 'getAll', calendarId: "={{ '' }}" }],
	])('fails before any call: %s', async (message, parameters) => {
		const { run } = await desk().runNode({
			parameters: { resource: 'accessControl', user: desk().people[0].unionId, ...parameters },
		});
		expect(errorOf(run)?.message).toBe(`${message} [Item 0]`);
		expect(await callsOf(desk())).toEqual([]);
	});
});
