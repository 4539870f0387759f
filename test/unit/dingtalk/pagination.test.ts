/** Tests reading lists page by page and splitting long lists into batches. */
import { api } from '../../../lib/dingtalk/endpoints';
import { fillPath } from '../../../lib/dingtalk/fillPath';
import { sendInBatches } from '../../../lib/dingtalk/client/batching';
import { PartialFailureError } from '../../../lib/dingtalk/errors/PartialFailureError';
import type { CallInput, Client } from '../../../lib/dingtalk/client/types';
import { listParts, listRows, type Page } from '../../../lib/dingtalk/client/pagination';
import { listAllMembers } from '../../../lib/dingtalk/people/contactsApi';

/** A client that returns these pages in order. */
function clientWith(...pages: Page[]): { client: Client; sent: CallInput[] } {
	const sent: CallInput[] = [];
	const request = async (_: unknown, input: CallInput): Promise<Page> => {
		sent.push(input);
		return await Promise.resolve(pages[sent.length - 1] ?? { rows: ['too far'] });
	};
	return { client: { request } as unknown as Client, sent };
}

const rowsOf = async (client: Client, options?: Parameters<typeof listRows<string>>[4]): Promise<string[]> =>
	await listRows<string>(client, api.listEvents, 'rows', { path: { userId: 'u' }, query: { maxResults: 2 } }, options);

describe('Pagination', () => {
	it.each<[string, Page]>([
		['null', { rows: ['c'], nextToken: null }],
		['empty', { rows: ['c'], nextToken: '' }],
		['absent', { rows: ['c'] }],
	])('ends when the page token is %s', async (_, last) => {
		const { client, sent } = clientWith({ rows: ['a', 'b'], nextToken: 'one' }, last);
		expect(await rowsOf(client)).toEqual(['a', 'b', 'c']);
		expect(sent).toEqual([
			{ path: { userId: 'u' }, query: { maxResults: 2, nextToken: undefined } },
			{ path: { userId: 'u' }, query: { maxResults: 2, nextToken: 'one' } },
		]);
	});

	it('continues after an empty page and after a page without rows', async () => {
		const { client } = clientWith({ rows: [], nextToken: 'one' }, { nextToken: 'two' }, { rows: ['a'] });
		expect(await rowsOf(client)).toEqual(['a']);
	});

	it('reads no more pages than the limit needs, and shortens the last one', async () => {
		const { client, sent } = clientWith({ rows: ['a', 'b'], nextToken: 'one' }, { rows: ['c', 'd'], nextToken: 'two' });
		expect(await rowsOf(client, { limit: 3 })).toEqual(['a', 'b', 'c']);
		expect(sent).toHaveLength(2);
	});

	it('counts only matching rows towards the limit', async () => {
		const { client } = clientWith({ rows: ['a', 'no'], nextToken: 'one' }, { rows: ['no', 'b'], nextToken: 'two' });
		expect(await rowsOf(client, { limit: 2, matches: (row) => row !== 'no' })).toEqual(['a', 'b']);
	});

	it('stops with an error if DingTalk sends other rows with each part of a list without pages, without end', async () => {
		let sent = 0;
		const request = async (): Promise<Page> =>
			await Promise.resolve({ rows: [{ id: `${++sent} first` }, { id: `${sent} last` }] });
		const client = { request } as unknown as Client;
		const parts = { rows: 'rows', from: 'first', pageSize: 2 };
		await expect(listParts(client, api.listGeneratedInstances, parts, {})).rejects.toThrow(
			'DingTalk returned more than 10000 pages of one list',
		);
		expect(sent).toBe(10_000);
	});

	it.each([
		['the same page token again', ['one', 'one']],
		['page tokens in a circle', ['one', 'two', 'one']],
	])('stops with an error if DingTalk sends %s', async (_, tokens) => {
		const { client, sent } = clientWith(...tokens.map((nextToken) => ({ rows: ['a'], nextToken })));
		await expect(rowsOf(client)).rejects.toThrow('DingTalk keeps returning the same page of the list');
		expect(sent).toHaveLength(tokens.length);
	});

	it('stops with an error after 10,000 pages, because a list whose page tokens are all new never ends', async () => {
		let pages = 0;
		const request = async (): Promise<Page> => await Promise.resolve({ rows: [], nextToken: `page ${++pages}` });
		const endless = { request } as unknown as Client;
		await expect(rowsOf(endless)).rejects.toThrow('DingTalk returned more than 10000 pages of one list');
		expect(pages).toBe(10_000);
	});

	it('reads a department below a department below a department, thousands of them deep', async () => {
		const deepest = 20_000;
		const request = async (call: unknown, { body }: { body: { dept_id: number } }): Promise<unknown> =>
			await Promise.resolve(
				call === api.subDepartments
					? { result: body.dept_id < deepest ? [{ dept_id: body.dept_id + 1 }] : [] }
					: { result: { list: [{ unionid: `person ${body.dept_id}` }] } },
			);
		let people = 0;
		for await (const page of listAllMembers({ request } as unknown as Client, 1)) people += page.length;
		expect(people).toBe(deepest);
	});

	it('stops with an error at 100,000 departments, because each can name new ones as its own', async () => {
		let departments = 0;
		const request = async (call: unknown): Promise<unknown> =>
			await Promise.resolve(
				call === api.subDepartments
					? { result: departments === 0 ? Array.from({ length: 100_000 }, () => ({ dept_id: ++departments })) : [] }
					: { result: { list: [] } },
			);
		const members = listAllMembers({ request } as unknown as Client, 0);
		const readAll = async (): Promise<void> => {
			for (let page = await members.next(); !page.done; page = await members.next());
		};
		await expect(readAll()).rejects.toThrow('DingTalk returned more than 100000 departments');
	});
});

describe('Batching', () => {
	const people = (count: number): Array<{ id: string }> =>
		Array.from({ length: count }, (_, index) => ({ id: `p${index}` }));

	/** Sends people in batches of 500 and refuses the batch with this number. */
	async function sendPeople(
		count: number,
		refusedBatch?: number,
	): Promise<{ sizes: number[]; numbers: number[]; failure?: Error }> {
		const sizes: number[] = [];
		const numbers: number[] = [];
		const failure = await sendInBatches('add', people(count), 500, async (batch, number) => {
			sizes.push(batch.length);
			numbers.push(number);
			await (number === refusedBatch ? Promise.reject(new Error('refused')) : Promise.resolve());
		}).then(
			() => undefined,
			(error: Error) => error,
		);
		return { sizes, numbers, failure };
	}

	it.each([
		[0, []],
		[1, [1]],
		[500, [500]],
		[501, [500, 1]],
		[1200, [500, 500, 200]],
	])('sends %i people in batches of %j', async (count, sizes) => {
		expect(await sendPeople(count)).toEqual({ sizes, numbers: sizes.map((_, index) => index), failure: undefined });
	});

	it('passes on the error if the first batch is refused', async () => {
		const { sizes, failure } = await sendPeople(1200, 0);
		expect(failure).not.toBeInstanceOf(PartialFailureError);
		expect(failure?.message).toBe('refused');
		expect(sizes).toEqual([500]);
	});

	it('stops at a refused batch and reports who is done and who is not', async () => {
		const { sizes, failure } = await sendPeople(1200, 1);
		expect(sizes).toEqual([500, 500]);
		expect(failure).toBeInstanceOf(PartialFailureError);
		const { progress, message } = failure as PartialFailureError;
		expect(progress).toEqual({
			done: [{ what: 'add', people: people(500) }],
			unknown: [{ what: 'add', people: people(1000).slice(500) }],
			notDone: [{ what: 'add', people: people(1200).slice(1000) }],
		});
		expect(message).toBe('refused');
	});
});

describe('The path of a call', () => {
	it.each(['a/b', 'a+b', 'a=b', 'a?b', 'a#b', 'a b', 'a%2Fb', '日程', '😀'])(
		'contains %j as one encoded segment',
		(eventId) => {
			const path = fillPath(api.getEvent, { userId: 'u', calendarId: 'primary', eventId });
			const segments = path.split('/');
			expect(segments).toHaveLength(9);
			expect(segments[8]).not.toMatch(/[?#+= ]/);
			expect(decodeURIComponent(segments[8])).toBe(eventId);
		},
	);
});
