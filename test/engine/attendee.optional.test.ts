/** Tests on the n8n engine how a mapped list of attendees says who is optional. */
import type { IDataObject } from 'n8n-workflow';

import { errorOf } from './harness';
import { plant, requestsOf } from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

describe('A mapped list of attendees', () => {
	it('says in each usual form whether a person is optional', async () => {
		const [host, ...others] = desk().people;
		// Those who are required come first in a request.
		const forms: unknown[] = [false, 'false', 0, '', null, undefined, true, 'true', 1, 'Yes'];
		const people = forms.map((isOptional, index) => ({ id: others[index].unionId, isOptional }));
		const eventId = plant(desk(), host);
		for (const attendees of [people, JSON.stringify(people)]) {
			await desk().recorder.clear();
			const { run } = await desk().runNode({
				parameters: {
					resource: 'attendee',
					operation: 'add',
					user: host.unionId,
					eventId,
					attendees: '={{ $json.people }}',
				},
				items: [{ people: attendees as IDataObject[] }],
			});
			expect(errorOf(run)).toBeUndefined();
			expect(await requestsOf(desk())).toEqual([
				expect.objectContaining({
					body: expect.objectContaining({
						attendeesToAdd: people.map(({ id }, index) => ({ id, isOptional: index >= 6 })),
					}),
				}),
			]);
		}
	});

	it.each(['perhaps', 7, { toString: 1 }])(
		'is refused if it leaves open whether a person is optional (%j)',
		async (isOptional) => {
			const [host, anna] = desk().people;
			const { run } = await desk().runNode({
				parameters: {
					...{ resource: 'attendee', operation: 'add', user: host.unionId, eventId: plant(desk(), host) },
					attendees: JSON.stringify([{ id: anna.unionId, isOptional }]),
				},
			});
			const shown = typeof isOptional === 'object' ? '{"tostring":1}' : isOptional;
			expect(errorOf(run)?.message).toBe(`'isOptional' is neither true nor false: ${shown} [Item 0]`);
		},
	);
});
