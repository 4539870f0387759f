/** Drives the calls on series and their occurrences with DingTalk's official client. */
import { invalidParameter, itemNotFound, refusalOf } from './refusal';
import { daily, DAY, HOUR, meeting, meetingOn } from './samples';
import { useStage } from './stage';

const stage = useStage();

const MARCH = { timeMin: '2026-03-01T00:00:00+08:00', timeMax: '2026-03-31T00:00:00+08:00' };

const daysOf = (events: Array<{ start?: { dateTime?: string } }> = []): Array<string | undefined> =>
	events.map(({ start }) => start?.dateTime?.slice(5, 10));

describe('listInstances', () => {
	it('returns the occurrences of a series in a window, page by page', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ recurrence: daily({ type: 'numbered', numberOfOccurrences: 5 }) }));
		const first = await host.instances(id, { ...MARCH, maxResults: 3 });
		const second = await host.instances(id, { ...MARCH, maxResults: 3, nextToken: first.nextToken });
		expect(daysOf(first.events)).toEqual(['03-02', '03-03', '03-04']);
		expect(daysOf(second.events)).toEqual(['03-05', '03-06']);
		expect(second.nextToken).toBeUndefined();
		for (const event of first.events ?? []) expect(event).toMatchObject({ seriesMasterId: id, status: 'confirmed' });
	});

	it('returns the same occurrence IDs as the expanded view', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ recurrence: daily() }));
		const ids = async (events: Promise<{ events?: Array<{ id?: string }> }>): Promise<unknown> =>
			(await events).events?.map((event) => event.id);
		expect(await ids(host.instances(id, MARCH))).toEqual(await ids(host.view(MARCH)));
	});

	it('returns no occurrences for an event that does not repeat', async () => {
		const host = await stage.user();
		expect((await host.instances(await host.createId(meeting()), MARCH)).events).toEqual([]);
	});

	it('embeds no more attendees than maxAttendees', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ recurrence: daily(), attendees: [{ id: stage.person(1).unionId }] }));
		expect((await host.instances(id, { ...MARCH, maxAttendees: 1 })).events?.[0].attendees).toHaveLength(1);
	});

	it('is refused for an invalid window, an invalid token and an unknown event', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ recurrence: daily() }));
		expect(await refusalOf(host.instances(id, { timeMin: 'yesterday' }))).toEqual(invalidParameter());
		expect(await refusalOf(host.instances(id, { nextToken: 'nonsense' }))).toEqual(invalidParameter());
		expect(await refusalOf(host.instances('nothing'))).toEqual(itemNotFound);
	});
});

describe('The end date of a series', () => {
	it.each([
		['2026-03-04T02:00:00Z', ['03-02', '03-03', '03-04']],
		['2026-03-04T01:59:59Z', ['03-02', '03-03']],
		['2026-03-04', ['03-02', '03-03', '03-04']],
	])('is the last moment at which an occurrence may begin: %s', async (endDate, days) => {
		const host = await stage.user();
		const id = await host.createId(meeting({ recurrence: daily({ type: 'endDate', endDate }) }));
		expect(daysOf((await host.instances(id, MARCH)).events)).toEqual(days);
	});
});

describe('listEventsInstances', () => {
	it('returns the occurrences that already exist: begun ones and later ones that were changed', async () => {
		const host = await stage.user();
		const seriesMasterId = await host.createId(meetingOn('2026-02-27', { recurrence: daily() }));
		const later = (await host.view(MARCH)).events?.find(({ start }) => start?.dateTime?.startsWith('2026-03-20'));
		await host.patch(later?.id ?? '', { summary: 'Other' });
		const { events = [] } = await host.generatedInstances({ seriesMasterId });
		expect(daysOf(events)).toEqual(['02-27', '02-28', '03-01', '03-20']);
		for (const event of events) expect(event).toMatchObject({ seriesMasterId, status: 'confirmed' });
	});

	it('begins at the given occurrence and returns no more than maxResults', async () => {
		const host = await stage.user();
		const seriesMasterId = await host.createId(meetingOn('2026-02-25', { recurrence: daily() }));
		const { events = [] } = await host.generatedInstances({ seriesMasterId });
		const from = await host.generatedInstances({ seriesMasterId, startRecurrenceId: events[2].id, maxResults: 2 });
		expect(daysOf(from.events)).toEqual(['02-27', '02-28']);
	});

	it('returns more occurrences as time passes', async () => {
		const host = await stage.user();
		const seriesMasterId = await host.createId(meeting({ recurrence: daily() }));
		expect((await host.generatedInstances({ seriesMasterId })).events).toEqual([]);
		await stage.advance(DAY + HOUR);
		const tomorrow = stage.calendarOf(host.unionId, await stage.appToken());
		expect(daysOf((await tomorrow.generatedInstances({ seriesMasterId })).events)).toEqual(['03-02', '03-03']);
	});

	it('is refused without a series, for an unknown series and for an unknown first occurrence', async () => {
		const host = await stage.user();
		const seriesMasterId = await host.createId(meeting({ recurrence: daily() }));
		expect(await refusalOf(host.generatedInstances({}))).toEqual(invalidParameter());
		expect(await refusalOf(host.generatedInstances({ seriesMasterId: 'nothing' }))).toEqual(itemNotFound);
		expect(await refusalOf(host.generatedInstances({ seriesMasterId, startRecurrenceId: 'x' }))).toEqual(
			invalidParameter(),
		);
	});
});
