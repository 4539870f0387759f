/** Tests that the lists of the Chinese edition are in Chinese: what stands beside a name, dates, and why a list is empty. */
import { join } from 'node:path';
import type { INodeListSearchItems, INodeParameters } from 'n8n-workflow';

import { findEnglish } from '../unit/locale/chineseTexts';
import { SubscribedCalendars } from '../simulator/subscriptions/subscriptionStore';
import { hour, plant } from './support/events';
import { credentialOf } from './support/state';
import { useDesk, useNowAsToday } from './support/setup';

const TYPE = 'n8n-nodes-dingtalk-calendar-zh.dingTalkCalendar';
const HAN = /\p{Script=Han}/u;

const desk = useDesk({ packages: [join(__dirname, '../../dist-zh')], waits: 'skipped' });

const me = (): INodeParameters => ({ user: { __rl: true, mode: 'auto', value: desk().people[0].unionId } });

async function list(
	method: string,
	parameters = me(),
	credential = desk().credential,
): Promise<INodeListSearchItems[]> {
	const node = { type: TYPE, credential, parameters };
	return (await desk().engine.listSearch(node, method)).results;
}

const namesIn = (items: INodeListSearchItems[]): string[] => items.map(({ name }) => name);

describe('The Chinese list', () => {
	useNowAsToday();

	it('of events has the series before its dates, and dates as Chinese writes them', async () => {
		const [host] = desk().people;
		const day = { start: { date: '2026-03-05' }, end: { date: '2026-03-06' }, isAllDay: true };
		plant(desk(), host, {
			summary: '例会',
			...hour(3, 2),
			recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 2 } },
		});
		plant(desk(), host, { summary: '外出', ...day });
		expect(namesIn(await list('searchEvents'))).toEqual([
			'整个循环 · 例会',
			'仅此次 · 例会 · 2026年3月2日 周一 18:00',
			'仅此次 · 例会 · 2026年3月3日 周二 18:00',
			'外出 · 2026年3月5日 周四',
		]);
	});

	it('of calendars says of each what it is', async () => {
		const [host, anna] = desk().people;
		const { company } = desk().simulator.world;
		const draft = {
			name: '节假日',
			managers: [],
			subscribeScope: { unionIds: [host.unionId], openConversationIds: [], corpIds: [company.corpId] },
		};
		const offers = desk().simulator.world.use(SubscribedCalendars);
		const { calendarId } = offers.create(anna.unionId, draft);
		const run = async (parameters: INodeParameters) => await desk().runNode({ type: TYPE, parameters });
		await run({ resource: 'calendar', operation: 'subscribe', ...me(), calendarId });
		await run({
			resource: 'accessControl',
			operation: 'create',
			user: { __rl: true, mode: 'auto', value: anna.unionId },
			grantee: host.unionId,
			privilege: 'reader',
		});
		expect(namesIn(await list('searchCalendars'))).toEqual([
			'陈志远 · 本人日历',
			'林晓彤 · 他人共享',
			'节假日 · 已订阅',
		]);
	});

	it('of rooms counts the seats', async () =>
		expect(namesIn(await list('searchRooms'))[0]).toBe('钱塘厅 · 20 座 · 总部一层'));

	it('of time zones shows names and offsets only', async () =>
		expect(
			namesIn(await list('searchTimeZones')).filter((name) => !/^[\w/+ -]+ \(GMT[+-]\d\d:\d\d\)$/.test(name)),
		).toEqual([]));
});

const METHODS = ['searchPeople', 'searchDepartments', 'searchRooms', 'searchEvents', 'searchCalendars'];

describe('A Chinese list that cannot be read', () => {
	const messageOf = async (work: Promise<unknown>): Promise<string> =>
		await work.then(
			() => '',
			(error: Error) => error.message,
		);
	const expectChinese = (message: string, names: string[]): void => {
		expect(message).toMatch(HAN);
		expect(findEnglish(message, names)).toBeUndefined();
	};
	const options = async (): Promise<unknown> =>
		await desk().engine.loadOptions({ type: TYPE, credential: desk().credential }, 'getCategories');

	it.each([...METHODS, 'getCategories'])('says in Chinese which permission is missing: %s', async (method) => {
		await desk().control('apps', { clientId: 'sim-internal', scopes: [] });
		const message = await messageOf(method === 'getCategories' ? options() : list(method));
		expectChinese(message, []);
		expect(message).toMatch(/权限/);
	});

	it.each(METHODS)('says in Chinese that the secret is wrong: %s', async (method) => {
		const credential = credentialOf(desk(), { clientId: 'sim-internal', clientSecret: 'wrong' });
		expectChinese(await messageOf(list(method, me(), credential)), []);
	});

	it.each(METHODS)('says in Chinese that DingTalk cannot be reached: %s', async (method) => {
		const credential = credentialOf(desk(), { clientId: 'sim-internal', baseUrl: 'http://127.0.0.1:9' });
		expectChinese(await messageOf(list(method, me(), credential)), []);
	});

	it.each(['', '={{ $json.organizer }}', '张伟', '???', '19999990000'])(
		"says in Chinese why it cannot use the person '%s'",
		async (value) =>
			expectChinese(await messageOf(list('searchEvents', { user: { __rl: true, mode: 'auto', value } })), []),
	);
});
