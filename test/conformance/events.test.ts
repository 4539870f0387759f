import { at, daily, meeting } from './samples';
import { useStage } from './stage';

const stage = useStage();

describe('creating an event', () => {
	it("gives back everything that was sent, in the official client's own types", async () => {
		const host = await stage.user(0);
		const guest = stage.person(1);
		const created = await host.create(
			meeting({
				description: 'What went well',
				attendees: [{ id: guest.unionId, isOptional: true }],
				location: { displayName: 'Roof' },
				reminders: [{ method: 'dingtalk', minutes: 30 }],
				onlineMeetingInfo: { type: 'dingtalk' },
				extra: { noPushNotification: 'true', noChatNotification: 'true' },
				uiConfigs: [{ uiName: 'comment', uiStatus: 'hide' }],
				richTextDescription: { text: '<b>What went well</b>' },
				recurrence: daily({ type: 'numbered', numberOfOccurrences: 3 }),
				categories: [{ categoryId: 'category-work' }],
				cardInstances: [{ outTrackId: 'card-1', scenario: 'review' }],
				freeBusyStatus: 'busy',
				isAllDay: false,
			}),
		);
		expect(created).toMatchObject({
			summary: 'Weekly review',
			description: 'What went well',
			isAllDay: false,
			start: at('2026-03-02T10:00:00+08:00'),
			end: at('2026-03-02T11:00:00+08:00'),
			location: { displayName: 'Roof' },
			reminders: [{ method: 'dingtalk', minutes: '30' }],
			uiConfigs: [{ uiName: 'comment', uiStatus: 'hide' }],
			richTextDescription: { text: '<b>What went well</b>' },
			recurrence: { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 3 } },
			categories: [{ categoryId: 'category-work', displayName: 'Work' }],
			cardInstances: [{ outTrackId: 'card-1', scenario: 'review' }],
			organizer: { id: host.unionId, displayName: stage.person(0).name, responseStatus: 'accepted', self: true },
		});
		expect(created.onlineMeetingInfo).toMatchObject({
			type: 'dingtalk',
			url: expect.stringContaining('https://') as unknown,
		});
		expect(created.attendees).toContainEqual(
			expect.objectContaining({
				id: guest.unionId,
				displayName: guest.name,
				responseStatus: 'needsAction',
				self: false,
				isOptional: true,
			}),
		);
	});

	it('takes whole days whose last day is exclusive', async () => {
		const host = await stage.user();
		const body = { summary: 'Fair', isAllDay: true, start: { date: '2026-03-04' }, end: { date: '2026-03-05' } };
		const { id, ...created } = await host.create(body);
		expect(created).toMatchObject(body);
		expect(await host.get(id ?? '')).toMatchObject(body);
		const { events } = await host.view({ timeMin: '2026-03-05T00:00:01+08:00', timeMax: '2026-03-06T00:00:00+08:00' });
		expect(events).toEqual([]);
	});

	it('reminds a quarter of an hour before unless told otherwise, and not at all on an empty list', async () => {
		const host = await stage.user();
		expect((await host.create(meeting())).reminders).toMatchObject([{ method: 'dingtalk', minutes: '15' }]);
		expect((await host.create(meeting({ reminders: [] }))).reminders).toEqual([]);
	});

	it('takes every spelling of a time that is documented or was seen to work', async () => {
		const host = await stage.user();
		for (const dateTime of ['2026-03-02T02:00Z', '2026-03-02T10:00:00+08:00', '2026-03-02T02:00:00.000Z']) {
			expect((await host.create(meeting({ start: at(dateTime) }))).start).toMatchObject(
				at('2026-03-02T10:00:00+08:00'),
			);
		}
	});

	it.each([
		['2048 characters of title', { summary: 'x'.repeat(2048) }],
		['5000 characters of description', { description: 'x'.repeat(5000) }],
		['365 days between two dates', { recurrence: daily(undefined, 365) }],
		['99 dates', { recurrence: daily({ type: 'numbered', numberOfOccurrences: 99 }) }],
	])('takes %s', async (_name, fields) => {
		expect(await (await stage.user()).create(meeting(fields))).toMatchObject(fields);
	});

	it('takes 500 attendees at once', async () => {
		const host = await stage.user();
		stage.hire(500);
		const id = await host.createId(meeting({ attendees: stage.crowd(500) }));
		expect((await host.get(id, { maxAttendees: 500 })).attendees).toHaveLength(500);
	});
});

describe('reading an event', () => {
	it('shows status, series and self to the person who reads', async () => {
		const host = await stage.user(0);
		const guest = await stage.user(1);
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		const seen = await guest.get(id);
		expect(seen).toMatchObject({ id, status: 'confirmed', organizer: { id: host.unionId, self: false } });
		expect(seen.attendees).toContainEqual(expect.objectContaining({ id: guest.unionId, self: true }));
		expect(seen.seriesMasterId).toBeUndefined();
		expect(seen.originStart).toBeUndefined();
		expect(seen.extendedProperties?.sharedProperties?.belongCorpId).toBe(stage.corpId);
	});

	it('names the original start of a date of a series in UTC', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ recurrence: daily() }));
		const { events = [] } = await host.view({
			timeMin: '2026-03-03T00:00:00+08:00',
			timeMax: '2026-03-04T00:00:00+08:00',
		});
		expect(events).toHaveLength(1);
		expect(await host.get(events[0].id ?? '')).toMatchObject({
			seriesMasterId: id,
			originStart: { dateTime: '2026-03-03T02:00:00Z' },
			start: at('2026-03-03T10:00:00+08:00'),
		});
	});

	it('embeds no more attendees than asked for', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ attendees: [1, 2, 3].map((i) => ({ id: stage.person(i).unionId })) }));
		expect((await host.get(id, { maxAttendees: 2 })).attendees).toHaveLength(2);
	});
});

describe('changing an event', () => {
	it('changes what is sent and leaves the rest alone', async () => {
		const host = await stage.user();
		const before = await host.create(meeting({ description: 'Old', location: { displayName: 'Roof' } }));
		const id = before.id ?? '';
		await stage.advance(60_000);
		const after = await host.patch(id, { summary: 'New title' });
		expect(after).toMatchObject({ id, summary: 'New title', description: 'Old', location: { displayName: 'Roof' } });
		expect(after).toMatchObject({ start: before.start, end: before.end, createTime: before.createTime });
		expect(after.updateTime).not.toBe(before.updateTime);
	});

	it('clears a text that is sent empty', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ description: 'Old', reminders: [{ method: 'dingtalk', minutes: 5 }] }));
		await host.patch(id, { description: '', reminders: [] });
		const { description, reminders } = await host.get(id);
		expect(description ?? '').toBe('');
		expect(reminders).toEqual([]);
	});

	it('takes a new time, a new rule and whole days', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting());
		expect(
			await host.patch(
				id,
				meeting({
					start: at('2026-03-03T08:00:00Z', 'Europe/Berlin'),
					end: at('2026-03-03T09:00:00Z', 'Europe/Berlin'),
				}),
			),
		).toMatchObject({
			start: at('2026-03-03T09:00:00+01:00', 'Europe/Berlin'),
		});
		const rule = { pattern: { type: 'weekly', interval: 2, daysOfWeek: 'monday,friday' }, range: { type: 'noEnd' } };
		expect(await host.patch(id, { recurrence: rule })).toMatchObject({ recurrence: rule });
		const days = { isAllDay: true, start: { date: '2026-03-06' }, end: { date: '2026-03-08' } };
		expect(await host.patch(id, days)).toMatchObject(days);
	});

	it('replaces the video meeting when one is sent again, and only then', async () => {
		const host = await stage.user();
		const created = await host.create(meeting({ onlineMeetingInfo: { type: 'dingtalk' } }));
		const id = created.id ?? '';
		const first = created.onlineMeetingInfo?.conferenceId;
		expect((await host.patch(id, { summary: 'Other' })).onlineMeetingInfo?.conferenceId).toBe(first);
		expect(
			(await host.patch(id, { onlineMeetingInfo: { type: 'dingtalk' } })).onlineMeetingInfo?.conferenceId,
		).not.toBe(first);
	});

	it('changes one date of a series by the id of that date', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ recurrence: daily() }));
		const window = { timeMin: '2026-03-03T00:00:00+08:00', timeMax: '2026-03-05T00:00:00+08:00' };
		const [tuesday] = (await host.view(window)).events ?? [];
		await host.patch(tuesday.id ?? '', { summary: 'Only on Tuesday' });
		const { events = [] } = await host.view(window);
		expect(events.map(({ summary }) => summary)).toEqual(['Only on Tuesday', 'Weekly review']);
		expect((await host.get(id)).summary).toBe('Weekly review');
	});
});

describe('deleting an event', () => {
	it('takes it off every calendar when the organizer does it, with an empty answer', async () => {
		const host = await stage.user(0);
		const guest = await stage.user(1);
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		expect(await host.delete(id, { pushNotification: true })).toBe('');
		expect((await host.list()).events).toEqual([]);
		expect((await guest.list()).events).toEqual([]);
	});

	it('takes it off one calendar when an attendee does it', async () => {
		const host = await stage.user(0);
		const guest = await stage.user(1);
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		expect(await guest.delete(id)).toBe('');
		expect((await guest.list()).events).toEqual([]);
		expect((await host.list()).events).toMatchObject([{ id, status: 'confirmed' }]);
	});

	it('takes out a single date of a series', async () => {
		const host = await stage.user();
		await host.create(meeting({ recurrence: daily({ type: 'numbered', numberOfOccurrences: 3 }) }));
		const window = { timeMin: '2026-03-01T00:00:00+08:00', timeMax: '2026-03-31T00:00:00+08:00' };
		const [, second] = (await host.view(window)).events ?? [];
		await host.delete(second.id ?? '');
		expect(((await host.view(window)).events ?? []).map(({ start }) => start?.dateTime)).toEqual([
			'2026-03-02T10:00:00+08:00',
			'2026-03-04T10:00:00+08:00',
		]);
	});
});
