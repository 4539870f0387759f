/** Tries each memory that outlives a run across accounts, workflows and people: what one leaves behind, no other gets. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IPollFunctions } from 'n8n-workflow';

import { readAccount, type Account } from '../../../lib/dingtalk/account';
import { DingTalkClient } from '../../../lib/dingtalk/client/client';
import { rateLimiter } from '../../../lib/dingtalk/client/rate/rateLimiter';
import { provideToken, type TokenRequest } from '../../../lib/dingtalk/client/tokenCache';
import { Write } from '../../../lib/dingtalk/client/writeLedger';
import { api } from '../../../lib/dingtalk/endpoints';
import { getAttempt, withBookingLock } from '../../../lib/dingtalk/rooms/bookingAttempts';
import { getSeriesAttempt } from '../../../lib/dingtalk/series/seriesAttempts';
import { withSeriesLock } from '../../../lib/dingtalk/series/seriesLock';
import type { Item } from '../../../lib/n8n/ItemContext';
import { Changes } from '../../../lib/n8n/retries/changes';
import { FinishedItems } from '../../../lib/n8n/retries/finishedItems';
import { warnDaily } from '../../../lib/n8n/triggers/dailyWarnings';
import { resolveWatchedPeople } from '../../../nodes/DingTalkCalendarPollingTrigger/resolvePeople';
import { getInFlightPushes } from '../../../nodes/DingTalkCalendarWebhookTrigger/inFlightPushes';

const CREDENTIAL = {
	region: 'custom',
	baseUrl: 'http://127.0.0.1:4010',
	appType: 'user',
	clientId: 'app',
	clientSecret: 'secret',
	refreshToken: 'refresh-anna',
};
/** As the transport reads it: people who signed in to one app are told apart by their credentials. */
const accountOf = (change: object = {}, person = 'credential-anna'): Account => ({
	...readAccount({ ...CREDENTIAL, ...change }),
	person,
});

const OWN = accountOf();
const inOrganization = (corpId: string): Account => ({
	...accountOf({ appType: 'thirdParty', corpId }),
	person: undefined,
});
/** Another account, beside the own one that differs from it in this alone. */
const OTHERS: Array<[string, Account, Account]> = [
	['another secret', accountOf({ clientSecret: 'wrong' }), OWN],
	['another app', accountOf({ clientId: 'other' }), OWN],
	['another host', accountOf({ baseUrl: 'http://127.0.0.1:4011' }), OWN],
	['another organization', inOrganization('corp-2'), inOrganization('corp-1')],
	['another person', accountOf({ refreshToken: 'refresh-bo' }, 'credential-bo'), OWN],
];

const path = { userId: 'anna', calendarId: 'primary' };
const client = (account: Account) => ({ account, isPreview: false });

describe.each(OTHERS)('With %s', (_, other, own) => {
	it('the ledger of writes knows nothing of what was written', () => {
		const input = { path, body: {}, idempotencyKey: 'salaries' };
		Write.open(own, api.createEvent, input).begin()({ body: { id: 'event-1' } });
		expect(Write.open(own, api.createEvent, input).result).toEqual({ id: 'event-1' });
		expect(Write.open(other, api.createEvent, input).isConfirmed).toBe(false);
	});

	it('a booking and a change of a series begin anew', () => {
		expect(getAttempt('review', client(own))).toBe(getAttempt('review', client(own)));
		expect(getAttempt('review', client(other))).not.toBe(getAttempt('review', client(own)));
		expect(getSeriesAttempt('review', client(own))).toBe(getSeriesAttempt('review', client(own)));
		expect(getSeriesAttempt('review', client(other))).not.toBe(getSeriesAttempt('review', client(own)));
	});

	it.each<[string, (account: Account, work: () => Promise<unknown>) => Promise<unknown>]>([
		['a change of a series', async (account, work) => await withSeriesLock(account, path, work)],
		['a booking', async (account, work) => await withBookingLock('review', client(account), work)],
	])('%s does not wait', async (__, inTurn) => {
		let end = (): void => undefined;
		const first = inTurn(own, async () => await new Promise<void>((resolve) => (end = resolve)));
		expect(await inTurn(other, async () => await Promise.resolve('done'))).toBe('done');
		end();
		await first;
	});

	it('no item counts as done', () => {
		const node = { parameters: { operation: 'create' } };
		new FinishedItems(node, own).add('work-1', [{ id: 'event-1' }], []);
		expect(new FinishedItems(node, own).has('work-1')).toBe(true);
		expect(new FinishedItems(node, own).has('work-2')).toBe(false);
		expect(new FinishedItems({ parameters: { operation: 'update' } }, own).has('work-1')).toBe(false);
		expect(new FinishedItems(node, other).has('work-1')).toBe(false);
	});

	it('no item counts as undone by another', async () => {
		const items = [0, 1].map((index) => ({ index, work: { name: `item ${index}` } }) as unknown as Item);
		const changesOf = (account: Account, runName: string): Changes => {
			const finished = new FinishedItems({ parameters: {} }, account);
			for (const { work } of items) if (work && !finished.has(work.name)) finished.add(work.name, [], []);
			return new Changes({}, finished, runName, items);
		};
		const [made, elsewhere, later] = [changesOf(own, 'run'), changesOf(other, 'run'), changesOf(own, 'later run')];
		await made.add(items[0], 'event');
		expect(await made.haveUndone(items[1], 'event')).toBe(true);
		expect(await made.haveUndone(items[1], 'another event')).toBe(false);
		expect(await elsewhere.haveUndone(items[1], 'event')).toBe(false);
		expect(await later.haveUndone(items[1], 'event')).toBe(false);
	});
});

it.each([
	['another secret', { clientSecret: 'wrong' }],
	['another app', { clientId: 'other' }],
	['another host', { baseUrl: 'http://127.0.0.1:4011' }],
	['another person', { refreshToken: 'refresh-bo' }],
])('With %s, another token is requested', async (_, change) => {
	const requests: TokenRequest[] = [];
	const send = async (request: TokenRequest) => {
		requests.push(request);
		return await Promise.resolve({ status: 200, body: { accessToken: `token-${requests.length}`, expireIn: 7200 } });
	};
	const own = { ...CREDENTIAL, clientId: `app for ${JSON.stringify(change)}` };
	await provideToken({ ...own }, send);
	await provideToken({ ...own }, send);
	expect(requests).toHaveLength(1);
	await provideToken({ ...own, ...change }, send);
	expect(requests).toHaveLength(2);
});

describe('Two workflows', () => {
	const logged: string[] = [];
	const contextOf = (workflow: string, node = 'node-1'): IPollFunctions =>
		({
			getWorkflow: () => ({ id: workflow }),
			getNode: () => ({ id: node, name: `${workflow}/${node}` }),
			logger: { warn: (text: string) => logged.push(text) },
		}) as unknown as IPollFunctions;

	it('each log a warning of their own', () => {
		const triggers = [contextOf('a'), contextOf('b'), contextOf('a', 'node-2'), contextOf('a')];
		for (const context of triggers) warnDaily(context, 'left', 'Someone has left.');
		expect(logged).toEqual(['a/node-1', 'b/node-1', 'a/node-2'].map((name) => `${name}: Someone has left.`));
	});

	it('each look up the people to watch', async () => {
		const lookUp = async (scope: string): Promise<string[]> => {
			const unionId = async (): Promise<string> => await Promise.resolve(`union ID for ${scope}`);
			const people = [{ typed: 'Anna', unionId }] as unknown as Parameters<typeof resolveWatchedPeople>[0];
			return [...(await resolveWatchedPeople(people, { scope, now: 0, requireAll: true })).typed.keys()];
		};
		for (const scope of ['a account-1', 'b account-1', 'a account-2'])
			expect(await lookUp(scope)).toEqual([`union ID for ${scope}`]);
	});

	it('each receive a push', () => {
		getInFlightPushes('a:node-1').markStored(['push-1']);
		expect(getInFlightPushes('a:node-1').getStatus(['push-1'])).toBe('stored');
		expect(getInFlightPushes('b:node-1').getStatus(['push-1'])).toBe('new');
		expect(getInFlightPushes('a:node-2').getStatus(['push-1'])).toBe('new');
	});
});

it('Each organization that uses an app has its own line for calls', async () => {
	const bucketOf = async (account: Account): Promise<string> => {
		const acquire = jest.spyOn(rateLimiter, 'acquirePermit');
		const send = async () =>
			await Promise.resolve({ status: 200, body: { id: 'event-1' }, rejectToken: () => undefined });
		await new DingTalkClient({ account, isProved: () => true, send }).request(api.getEvent, {
			path: { ...path, eventId: 'event-1' },
		});
		const [[bucket]] = acquire.mock.calls;
		acquire.mockRestore();
		return bucket;
	};
	expect(await bucketOf(inOrganization('corp-1'))).toBe(await bucketOf(inOrganization('corp-1')));
	expect(await bucketOf(inOrganization('corp-2'))).not.toBe(await bucketOf(inOrganization('corp-1')));
});

/** Where the other memories are tried, each by a test of that name. */
const TRIED_ELSEWHERE: Record<string, [file: string, test: string]> = {
	rateLimiter: ['test/engine/tenants.test.ts', 'does not hold up another one of the same Client ID'],
	shared: [
		'test/engine/trigger.stream.shared.test.ts',
		'are not overheard by a workflow that knows only the Client ID',
	],
	nodesByState: ['test/engine/idempotency.test.ts', 'with the same execution and node create an event each'],
	handledByTrigger: ['test/engine/trigger.stream.shared.test.ts', 'of several organizations start only for their own'],
	running: ['test/engine/tenants.test.ts', 'each report what they watch, when polling'],
	stores: ['test/engine/tenants.test.ts', 'each report what they watch, when pushed'],
	filters: ['test/engine/tenants.test.ts', 'looks up its people there, when pushed'],
	lookups: ['test/engine/tenants.test.ts', 'looks up its people there, when polling'],
};
const TRIED_HERE = [
	'cache',
	'accounts',
	'attempts',
	'bookings',
	'changes',
	'finishedItems',
	'changesBySubject',
	'loggedAt',
	'byTrigger',
];
/** They end with the object that they belong to, or say nothing of anyone. */
const OF_NO_ONE = [
	...['sent', 'callbacks', 'cancellations', 'activated', 'roomLists'],
	...['sharedTimeout', 'statutoryDays', 'offsets', 'executesHere', 'lastNumber'],
];

it('Each memory that docs/project/security.md lists is tried, or ends with its run, or says nothing of anyone', () => {
	const root = join(__dirname, '../../..');
	const page = readFileSync(join(root, 'docs/project/security.md'), 'utf8').split('## What a process remembers')[1];
	const listed = new Set([...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));
	expect([...Object.keys(TRIED_ELSEWHERE), ...TRIED_HERE, ...OF_NO_ONE].sort()).toEqual([...listed].sort());
	for (const [file, name] of Object.values(TRIED_ELSEWHERE))
		expect(readFileSync(join(root, file), 'utf8')).toContain(`('${name}`);
});
