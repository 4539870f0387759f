/** Tests the Response operations on the n8n engine. */
import { errorOf } from './harness';
import {
	eventPath,
	hire,
	lookingUp,
	person,
	plant,
	reading,
	rememberedEvent,
	requestsOf,
	writing,
} from './support/events';
import { useDesk } from './support/setup';

const desk = useDesk();

const required = (...ids: string[]) => ids.map((id) => ({ id, isOptional: false }));

describe('responding to an invitation', () => {
	it.each(['accepted', 'declined', 'tentative', 'needsAction'])(
		'sends the response %s on behalf of the attendee',
		async (answer) => {
			const [host, anna, ben] = desk().people;
			const eventId = plant(desk(), host, { attendees: required(anna.unionId, ben.unionId) });
			const { run, items } = await desk().runWorkflow('response.set', [{ person: anna.unionId, eventId, answer }]);
			expect(errorOf(run)).toBeUndefined();
			expect(await requestsOf(desk())).toEqual([
				writing('POST', `${eventPath(anna, eventId)}/respond`, { responseStatus: answer }),
			]);
			expect(items).toEqual([{ id: eventId, responseStatus: answer }]);
			expect((await rememberedEvent(desk(), eventId)).attendees).toEqual([
				{ unionId: host.unionId, isOptional: false, responseStatus: 'accepted' },
				{ unionId: anna.unionId, isOptional: false, responseStatus: answer },
				{ unionId: ben.unionId, isOptional: false, responseStatus: 'needsAction' },
			]);
		},
	);

	it('responds for the person of each item, identified by mobile number or user ID', async () => {
		const [host, anna, ben] = desk().people;
		const eventId = plant(desk(), host, { attendees: required(anna.unionId, ben.unionId) });
		const { items, pairs } = await desk().runWorkflow('response.set', [
			{ person: anna.mobile, eventId, answer: 'Accepted' },
			{ person: `${ben.name} <${ben.userId}>`, eventId, answer: ' declined ' },
		]);
		const requests = await requestsOf(desk());
		expect(requests).toEqual([
			lookingUp('getbymobile', { mobile: anna.mobile }),
			lookingUp('get', { userid: anna.userId }),
			writing('POST', `${eventPath(anna, eventId)}/respond`, { responseStatus: 'accepted' }),
			lookingUp('get', { userid: ben.userId }),
			writing('POST', `${eventPath(ben, eventId)}/respond`, { responseStatus: 'declined' }),
		]);
		expect(items).toEqual([
			{ id: eventId, responseStatus: 'accepted' },
			{ id: eventId, responseStatus: 'declined' },
		]);
		expect(pairs).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it('is rejected with a clear message for a person who is not invited', async () => {
		const [host, anna, stranger] = desk().people;
		const eventId = plant(desk(), host, { attendees: required(anna.unionId) });
		const { run } = await desk().runWorkflow('response.set', [
			{ person: stranger.unionId, eventId, answer: 'accepted' },
		]);
		expect(errorOf(run)?.message).toBe(
			'There is no such event in this calendar; it may have been deleted, or it belongs to someone else [Item 0]',
		);
		expect((await rememberedEvent(desk(), eventId)).attendees).toHaveLength(2);
	});
});

describe('summarizing the responses to an event', () => {
	it('counts and names people by response across several pages', async () => {
		const [host, anna, ben, carl] = desk().people;
		const crowd = hire(desk(), 600);
		const eventId = plant(desk(), host, { attendees: required(anna.unionId, ben.unionId, carl.unionId) });
		await desk().runWorkflow('attendee.add', [
			{ person: host.unionId, eventId, people: crowd.map(({ unionId }) => unionId) },
		]);
		await desk().runWorkflow('response.set', [
			{ person: anna.unionId, eventId, answer: 'accepted' },
			{ person: ben.unionId, eventId, answer: 'declined' },
			{ person: carl.unionId, eventId, answer: 'tentative' },
			{ person: crowd[599].unionId, eventId, answer: 'declined' },
		]);
		await desk().recorder.clear();
		const { items, pairs } = await desk().runWorkflow('response.getSummary', [{ person: carl.unionId, eventId }]);
		expect(await requestsOf(desk())).toEqual([
			reading(`${eventPath(carl, eventId)}/attendees`, { maxResults: '500' }),
			reading(`${eventPath(carl, eventId)}/attendees`, { maxResults: '500', nextToken: '500' }),
		]);
		expect(items).toEqual([
			{
				id: eventId,
				total: 604,
				accepted: 2,
				declined: 2,
				tentative: 1,
				noAnswer: 599,
				acceptedBy: [host, anna].map(person).join(', '),
				declinedBy: [ben, crowd[599]].map(person).join(', '),
				tentativeBy: person(carl),
				noAnswerFrom: crowd.slice(0, 599).map(person).join(', '),
			},
		]);
		expect(pairs).toEqual([{ item: 0 }]);
	});

	it('includes only the organizer for an event without guests', async () => {
		const [host] = desk().people;
		const eventId = plant(desk(), host);
		const { items } = await desk().runWorkflow('response.getSummary', [{ person: host.unionId, eventId }]);
		expect(items).toEqual([
			{
				id: eventId,
				total: 1,
				accepted: 1,
				declined: 0,
				tentative: 0,
				noAnswer: 0,
				acceptedBy: person(host),
				declinedBy: '',
				tentativeBy: '',
				noAnswerFrom: '',
			},
		]);
	});
});
