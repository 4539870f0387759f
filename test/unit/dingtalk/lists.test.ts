import { api, fillPath } from '../../../lib/dingtalk/endpoints';
import { PartiallyDoneError, sendInBatches } from '../../../lib/dingtalk/client/batching';
import type { CallInput, Client } from '../../../lib/dingtalk/client/types';
import { listRows, type Page } from '../../../lib/dingtalk/client/pagination';

/** A client that hands out these pages one after the other. */
function clientWith(...answers: Page[]): { client: Client; asked: CallInput[] } {
	const asked: CallInput[] = [];
	const request = async (_: unknown, input: CallInput): Promise<Page> => {
		asked.push(input);
		return await Promise.resolve(answers[asked.length - 1] ?? { rows: ['too far'] });
	};
	return { client: { request } as unknown as Client, asked };
}

const rowsOf = async (client: Client, wanted?: Parameters<typeof listRows<string>>[4]): Promise<string[]> =>
	await listRows<string>(client, api.listEvents, 'rows', { path: { userId: 'u' }, query: { maxResults: 2 } }, wanted);

describe('a list over several pages', () => {
	it.each<[string, Page]>([
		['null', { rows: ['c'], nextToken: null }],
		['empty', { rows: ['c'], nextToken: '' }],
		['absent', { rows: ['c'] }],
	])('ends where the token is %s', async (_, last) => {
		const { client, asked } = clientWith({ rows: ['a', 'b'], nextToken: 'one' }, last);
		expect(await rowsOf(client)).toEqual(['a', 'b', 'c']);
		expect(asked).toEqual([
			{ path: { userId: 'u' }, query: { maxResults: 2, nextToken: undefined } },
			{ path: { userId: 'u' }, query: { maxResults: 2, nextToken: 'one' } },
		]);
	});

	it('goes on over an empty page, and over one without rows at all', async () => {
		const { client } = clientWith({ rows: [], nextToken: 'one' }, { nextToken: 'two' }, { rows: ['a'] });
		expect(await rowsOf(client)).toEqual(['a']);
	});

	it('asks for no more pages than the limit needs, and cuts the last one', async () => {
		const { client, asked } = clientWith(
			{ rows: ['a', 'b'], nextToken: 'one' },
			{ rows: ['c', 'd'], nextToken: 'two' },
		);
		expect(await rowsOf(client, { limit: 3 })).toEqual(['a', 'b', 'c']);
		expect(asked).toHaveLength(2);
	});

	it('counts only what fits towards the limit', async () => {
		const { client } = clientWith({ rows: ['a', 'no'], nextToken: 'one' }, { rows: ['no', 'b'], nextToken: 'two' });
		expect(await rowsOf(client, { limit: 2, matches: (row) => row !== 'no' })).toEqual(['a', 'b']);
	});

	it.each([
		['the same token again', ['one', 'one']],
		['tokens in a circle', ['one', 'two', 'one']],
	])('is given up where DingTalk sends %s', async (_, tokens) => {
		const { client, asked } = clientWith(...tokens.map((nextToken) => ({ rows: ['a'], nextToken })));
		await expect(rowsOf(client)).rejects.toThrow('DingTalk keeps returning the same page of the list');
		expect(asked).toHaveLength(tokens.length);
	});
});

describe('a long list of people', () => {
	const people = (count: number): Array<{ id: string }> =>
		Array.from({ length: count }, (_, index) => ({ id: `p${index}` }));

	/** Sends the people in parts of 500 and refuses the part with this number. */
	async function sent(
		count: number,
		refuse?: number,
	): Promise<{ sizes: number[]; numbers: number[]; failure?: Error }> {
		const sizes: number[] = [];
		const numbers: number[] = [];
		const failure = await sendInBatches(people(count), 500, async (part, number) => {
			sizes.push(part.length);
			numbers.push(number);
			await (number === refuse ? Promise.reject(new Error('refused')) : Promise.resolve());
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
	])('of %i goes in parts of %j', async (count, sizes) => {
		expect(await sent(count)).toEqual({ sizes, numbers: sizes.map((_, index) => index), failure: undefined });
	});

	it('that is refused from the start fails with that refusal alone', async () => {
		const { sizes, failure } = await sent(1200, 0);
		expect(failure).not.toBeInstanceOf(PartiallyDoneError);
		expect(failure?.message).toBe('refused');
		expect(sizes).toEqual([500]);
	});

	it('that is refused half-way stops there and says who is in', async () => {
		const { sizes, failure } = await sent(1200, 1);
		expect(sizes).toEqual([500, 500]);
		expect(failure).toBeInstanceOf(PartiallyDoneError);
		const { done, notDone, progress: extent, message } = failure as PartiallyDoneError;
		expect(done).toEqual(people(500).map(({ id }) => id));
		expect(notDone).toHaveLength(700);
		expect(notDone[0]).toBe('p500');
		expect(message).toBe('refused');
		expect(extent).toBe('The first 500 of 1200 people are done, the remaining 700 are not');
	});

	it('says which event was made where it was part of making one', () => {
		expect(new PartiallyDoneError(new Error('refused'), ['a'], ['b'], 'event-1').progress).toMatch(
			/^The event was created \(ID event-1\)\. The first 1 of 2 /,
		);
	});
});

describe('the path of a call', () => {
	it.each(['a/b', 'a+b', 'a=b', 'a?b', 'a#b', 'a b', 'a%2Fb', '日程', '😀'])(
		'holds %j as one encoded segment',
		(eventId) => {
			const path = fillPath(api.getEvent, { userId: 'u', calendarId: 'primary', eventId });
			const segments = path.split('/');
			expect(segments).toHaveLength(9);
			expect(segments[8]).not.toMatch(/[?#+= ]/);
			expect(decodeURIComponent(segments[8])).toBe(eventId);
		},
	);
});
