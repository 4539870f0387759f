/** Tests listing and setting event categories. */
import { errorOf } from './harness';
import { callsOf, eventPath, plant, reading, requestsOf, writing } from './support/events';
import { useDesk } from './support/setup';
import { meteredBy } from './support/state';

const desk = useDesk();

describe('categories of an event', () => {
	it('are listed as DingTalk has them with one metered call', async () => {
		const options = await desk().engine.loadOptions({ credential: desk().credential }, 'getCategories');
		expect(options).toEqual([
			{ name: 'Work', value: 'category-work' },
			{ name: 'Interview', value: 'category-interview' },
			{ name: 'Business trip', value: 'category-travel' },
			{ name: 'Training', value: 'category-training' },
		]);
		expect(await requestsOf(desk())).toEqual([reading('/v1.0/calendar/categories')]);
		expect(await meteredBy(desk())).toBe(1);
	});

	it('are not listed without the permission to read them, and the editor says why', async () => {
		await desk().control('apps', { clientId: 'sim-internal', scopes: [] });
		await expect(desk().engine.loadOptions({ credential: desk().credential }, 'getCategories')).rejects.toThrow(
			/^Your DingTalk app is not allowed to list the .*Select the permission Calendar\.Event\.Read for your app/,
		);
	});

	it('are set on a new event by ID', async () => {
		const [host] = desk().people;
		const { run, items } = await desk().runWorkflow('event.create.categories', [
			{ person: host.unionId, title: 'Course' },
		]);
		expect(errorOf(run)).toBeUndefined();
		expect((await requestsOf(desk()))[0].body).toMatchObject({
			summary: 'Course',
			categories: [{ categoryId: 'category-training' }, { categoryId: 'category-work' }],
		});
		expect(items).toHaveLength(1);
		const { items: raw } = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'get',
				user: host.unionId,
				eventId: String(items[0].id),
				output: 'raw',
			},
		});
		expect(raw).toMatchObject([{ categories: [{ displayName: 'Training' }, { displayName: 'Work' }] }]);
	});

	it.each([
		['one category', 'category-travel', ['category-travel']],
		['several categories as text', 'category-travel, category-work', ['category-travel', 'category-work']],
		['no categories', [], []],
	])('are replaced by %s when the event is updated', async (_, categories, sent) => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, { categories: [{ categoryId: 'category-work' }] });
		await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'update',
				user: host.unionId,
				eventId,
				updateFields: { categories: '={{ $json.categories }}' },
			},
			items: [{ categories }],
		});
		expect(await requestsOf(desk())).toEqual([
			writing('PUT', eventPath(host, eventId), { id: eventId, categories: sent.map((categoryId) => ({ categoryId })) }),
		]);
	});

	it('stay unchanged when the field is not added', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host, { categories: [{ categoryId: 'category-work' }] });
		await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'update',
				user: host.unionId,
				eventId,
				updateFields: { summary: 'Renamed' },
			},
		});
		const [{ body, response }] = await callsOf(desk());
		expect(body).toEqual({ id: eventId, summary: 'Renamed' });
		expect(response).toMatchObject({ categories: [{ categoryId: 'category-work' }] });
	});
});
