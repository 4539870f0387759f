/** Drives the calls that create, read, change and delete events with DingTalk's official client. */
import { at, daily, meeting } from './samples';
import { useStage } from './stage';

const stage = useStage();

describe('Creating an event', () => {
	it('returns every field that was sent, in the types of the official client', async () => {
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

	it('accepts all-day events with an exclusive last day', async () => {
		const host = await stage.user();
		const body = { summary: 'Fair', isAllDay: true, start: { date: '2026-03-04' }, end: { date: '2026-03-05' } };
		const { id, ...created } = await host.create(body);
		expect(created).toMatchObject(body);
		expect(await host.get(id ?? '')).toMatchObject(body);
		const { events } = await host.view({ timeMin: '2026-03-05T00:00:01+08:00', timeMax: '2026-03-06T00:00:00+08:00' });
		expect(events).toEqual([]);
	});

	it('adds a reminder 15 minutes before by default, and none for an empty list', async () => {
		const host = await stage.user();
		expect((await host.create(meeting())).reminders).toMatchObject([{ method: 'dingtalk', minutes: '15' }]);
		expect((await host.create(meeting({ reminders: [] }))).reminders).toEqual([]);
	});

	it('accepts each time format that is documented or known to work', async () => {
		const host = await stage.user();
		for (const dateTime of ['2026-03-02T02:00Z', '2026-03-02T10:00:00+08:00', '2026-03-02T02:00:00.000Z']) {
			expect((await host.create(meeting({ start: at(dateTime) }))).start).toMatchObject(
				at('2026-03-02T10:00:00+08:00'),
			);
		}
	});

	it.each([
		['a title of 2048 characters', { summary: 'x'.repeat(2048) }],
		['a description of 5000 characters', { description: 'x'.repeat(5000) }],
		['an interval of 365 days', { recurrence: daily(undefined, 365) }],
		['99 occurrences', { recurrence: daily({ type: 'numbered', numberOfOccurrences: 99 }) }],
	])('accepts %s', async (_name, fields) => {
		expect(await (await stage.user()).create(meeting(fields))).toMatchObject(fields);
	});

	it('accepts 500 attendees in one call', async () => {
		const host = await stage.user();
		stage.hire(500);
		const id = await host.createId(meeting({ attendees: stage.crowd(500) }));
		expect((await host.get(id, { maxAttendees: 500 })).attendees).toHaveLength(500);
	});
});

describe('Reading an event', () => {
	it('shows status, series and "self" as seen by the reading user', async () => {
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

	it('returns the original start of an occurrence in UTC', async () => {
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

	it('embeds no more attendees than maxAttendees', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ attendees: [1, 2, 3].map((i) => ({ id: stage.person(i).unionId })) }));
		expect((await host.get(id, { maxAttendees: 2 })).attendees).toHaveLength(2);
	});
});

describe('Changing an event', () => {
	it('changes the fields that are sent and leaves the rest unchanged', async () => {
		const host = await stage.user();
		const before = await host.create(meeting({ description: 'Old', location: { displayName: 'Roof' } }));
		const id = before.id ?? '';
		await stage.advance(60_000);
		const after = await host.patch(id, { summary: 'New title' });
		expect(after).toMatchObject({ id, summary: 'New title', description: 'Old', location: { displayName: 'Roof' } });
		expect(after).toMatchObject({ start: before.start, end: before.end, createTime: before.createTime });
		expect(after.updateTime).not.toBe(before.updateTime);
	});

	it('clears a text that is sent as an empty string', async () => {
		const host = await stage.user();
		const id = await host.createId(meeting({ description: 'Old', reminders: [{ method: 'dingtalk', minutes: 5 }] }));
		await host.patch(id, { description: '', reminders: [] });
		const { description, reminders } = await host.get(id);
		expect(description ?? '').toBe('');
		expect(reminders).toEqual([]);
	});

	it('accepts a new time, a new recurrence rule and all-day dates', async () => {
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

	it('replaces the video meeting only when one is sent again', async () => {
		const host = await stage.user();
		const created = await host.create(meeting({ onlineMeetingInfo: { type: 'dingtalk' } }));
		const id = created.id ?? '';
		const first = created.onlineMeetingInfo?.conferenceId;
		expect((await host.patch(id, { summary: 'Other' })).onlineMeetingInfo?.conferenceId).toBe(first);
		expect(
			(await host.patch(id, { onlineMeetingInfo: { type: 'dingtalk' } })).onlineMeetingInfo?.conferenceId,
		).not.toBe(first);
	});

	it('changes one occurrence of a series by its own ID', async () => {
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

describe('Deleting an event', () => {
	it('removes it from each calendar when the organizer does it, and returns an empty body', async () => {
		const host = await stage.user(0);
		const guest = await stage.user(1);
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		expect(await host.delete(id, { pushNotification: true })).toBe('');
		expect((await host.list()).events).toEqual([]);
		expect((await guest.list()).events).toEqual([]);
	});

	it('removes it from only one calendar when an attendee does it', async () => {
		const host = await stage.user(0);
		const guest = await stage.user(1);
		const id = await host.createId(meeting({ attendees: [{ id: guest.unionId }] }));
		expect(await guest.delete(id)).toBe('');
		expect((await guest.list()).events).toEqual([]);
		expect((await host.list()).events).toMatchObject([{ id, status: 'confirmed' }]);
	});

	it('can remove a single occurrence of a series', async () => {
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
