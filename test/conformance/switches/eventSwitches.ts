/** How each switch of events, attendees and responses shows through the official client. */
import { at, daily, meeting } from '../samples';
import { rawCall } from '../sdk';
import type { Stage } from '../stage';
import type { CalendarUser } from '../user';
import { outcome, type SwitchCases } from './switchCase';

const SOME_DAYS = { timeMin: '2026-03-02T00:00:00+08:00', timeMax: '2026-03-07T00:00:00+08:00' };
const HALF_A_YEAR = { timeMin: '2026-03-02T00:00:00+08:00', timeMax: '2026-09-02T00:00:00+08:00' };

interface Party {
	id: string;
	host: CalendarUser;
	guest: CalendarUser;
}

/** What DingTalk does not say about events, attendees and responses. */
export function eventSwitches(
	stage: Stage,
): SwitchCases<
	| 'updateByNonOrganizer'
	| 'attendeesInUpdate'
	| 'remindersAbsentInUpdate'
	| 'finishedDuplicate'
	| 'deleteTwice'
	| 'getDeleted'
	| 'oversizedPage'
	| 'lastPageToken'
	| 'deletedInDelta'
	| 'deletedInList'
	| 'syncTokenLifetime'
	| 'emptyPages'
	| 'unknownUser'
	| 'virtualInstance'
	| 'deleteBody'
	| 'writeResult'
	| 'timestampsNeedMilliseconds'
	| 'organizerAmongAttendees'
	| 'rescheduleResetsResponses'
	| 'eventIds'
> {
	async function party(): Promise<Party> {
		const [host, guest] = [await stage.user(0), await stage.user(1)];
		const reminders = [{ method: 'dingtalk', minutes: 5 }];
		return { id: await host.createId(meeting({ attendees: [{ id: guest.unionId }], reminders })), host, guest };
	}

	const gone = async (): Promise<Party> => {
		const called = await party();
		await called.host.delete(called.id);
		return called;
	};

	return {
		updateByNonOrganizer: {
			observe: async () => {
				const { id, guest } = await party();
				return await outcome(guest.patch(id, { summary: 'Mine' }));
			},
			expected: [
				['invalidParameter', '400 invalidParameter'],
				['permissionDenied', '403 permissionDenied'],
				['allowed', 'done'],
			],
		},
		attendeesInUpdate: {
			observe: async () => {
				const { id, host } = await party();
				const { attendees = [] } = await host.patch(id, { attendees: [{ id: stage.person(2).unionId }] });
				return [0, 1, 2].filter((i) => attendees.some((attendee) => attendee.id === stage.person(i).unionId));
			},
			expected: [
				['replace', [0, 2]],
				['merge', [0, 1, 2]],
			],
		},
		remindersAbsentInUpdate: {
			observe: async () => {
				const { id, host } = await party();
				return (await host.patch(id, { summary: 'Other' })).reminders?.map(({ minutes }) => minutes);
			},
			expected: [
				['keep', ['5']],
				['default', ['15']],
			],
		},
		finishedDuplicate: {
			observe: async () => {
				const host = await stage.user();
				await host.create(meeting(), 'token-1');
				return await outcome(host.create(meeting(), 'token-1'));
			},
			expected: [
				['firstAnswer', 'done'],
				['conflict', '409 invalidRequest.duplicateClientToken'],
			],
		},
		deleteTwice: {
			observe: async () => {
				const { id, host } = await gone();
				return await outcome(host.delete(id));
			},
			expected: [
				['itemNotFound', '404 itemNotFound'],
				['ok', 'done'],
			],
		},
		getDeleted: {
			observe: async () => {
				const { id, host } = await gone();
				return await outcome(host.get(id));
			},
			expected: [
				['instanceNotExist', '404 instanceNotExist'],
				['itemNotFound', '404 itemNotFound'],
				['cancelledEvent', 'done'],
			],
		},
		oversizedPage: {
			observe: async () => {
				const host = await stage.user();
				await host.create(meeting({ recurrence: daily() }));
				const page = host.view({ ...HALF_A_YEAR, maxResults: 150 });
				return (await outcome(page)) === 'done' ? (await page).events?.length : await outcome(page);
			},
			expected: [
				['refuse', '400 invalidParameter'],
				['clamp', 100],
			],
		},
		lastPageToken: {
			observe: async () => {
				const { token, unionId } = await stage.user();
				const path = `/v1.0/calendar/users/${unionId}/calendars/primary/eventsview`;
				// The typed call does not tell null from absent.
				return JSON.parse(String((await rawCall(stage.sdk, { method: 'GET', path, token })).body)) as unknown;
			},
			expected: [
				['null', { events: [], nextToken: null }],
				['absent', { events: [] }],
				['empty', { events: [], nextToken: '' }],
			],
		},
		deletedInDelta: {
			observe: async () => {
				const { id, host } = await party();
				const { syncToken } = await host.list();
				await host.delete(id);
				return (await host.list({ syncToken })).events?.map(({ status }) => status);
			},
			expected: [
				['included', ['cancelled']],
				['onlyWithShowDeleted', []],
			],
		},
		deletedInList: {
			observe: async () => {
				const { id, host } = await party();
				await host.delete(id);
				return (await host.list({ showDeleted: true })).events?.map(({ status }) => status);
			},
			expected: [
				['included', ['cancelled']],
				['leftOut', []],
			],
		},
		syncTokenLifetime: {
			observe: async () => {
				const { host } = await party();
				const { syncToken } = await host.list();
				await stage.advance(8 * 24 * 3_600_000);
				// The access token has expired by now.
				return await outcome(stage.calendarOf(host.unionId, await stage.appToken()).list({ syncToken }));
			},
			expected: [
				['unlimited', 'done'],
				['sevenDays', '400 invalidParameter'],
			],
		},
		emptyPages: {
			observe: async () => {
				const host = await stage.user();
				await host.create(meeting({ recurrence: daily() }));
				const sizes: Array<number | undefined> = [];
				let nextToken: string | undefined;
				do {
					const page = await host.view({ ...SOME_DAYS, maxResults: 2, nextToken });
					sizes.push(page.events?.length);
					({ nextToken } = page);
				} while (nextToken !== undefined);
				return sizes;
			},
			expected: [
				['never', [2, 2, 1]],
				['sometimes', [2, 0, 1, 2]],
			],
		},
		unknownUser: {
			observe: async () => await outcome(stage.calendarOf('nobody', await stage.appToken()).list()),
			expected: [
				['invalidParameter', '400 invalidParameter'],
				['itemNotFound', '404 itemNotFound'],
			],
		},
		virtualInstance: {
			observe: async () => {
				const host = await stage.user();
				await host.create(meeting({ recurrence: daily() }));
				const { events = [] } = await host.view(SOME_DAYS);
				return await outcome(host.get(events[2].id ?? ''));
			},
			expected: [
				['accepted', 'done'],
				['instanceNotExist', '404 instanceNotExist'],
			],
		},
		deleteBody: {
			observe: async () => {
				const { id, host } = await party();
				return (await host.delete(id)).replace(/[0-9A-F-]{36}/, 'UUID');
			},
			expected: [
				['empty', ''],
				['requestId', '{"requestId":"UUID"}'],
			],
		},
		writeResult: {
			observe: async () => {
				const { id, host } = await party();
				const { token, unionId } = host;
				const path = `/v1.0/calendar/users/${unionId}/calendars/primary/events/${id}/cancel`;
				return String((await rawCall(stage.sdk, { method: 'POST', path, token })).body);
			},
			expected: [
				['result', '{"result":true}'],
				['emptyObject', '{}'],
				['empty', ''],
			],
		},
		timestampsNeedMilliseconds: {
			observe: async () => await outcome((await stage.user()).create(meeting())),
			expected: [
				[true, '400 InvalidParameter.ParsedISO8601TimestampError'],
				[false, 'done'],
			],
		},
		organizerAmongAttendees: {
			observe: async () => {
				const { id, host } = await party();
				return (await host.attendees(id)).attendees?.map(({ self }) => self);
			},
			expected: [
				[true, [true, false]],
				[false, [false]],
			],
		},
		rescheduleResetsResponses: {
			observe: async () => {
				const { id, host, guest } = await party();
				await guest.respond(id, 'accepted');
				await host.patch(id, { start: at('2026-03-02T10:30:00+08:00') });
				return (await guest.get(id)).attendees?.find(({ self }) => self)?.responseStatus;
			},
			expected: [
				[true, 'needsAction'],
				[false, 'accepted'],
			],
		},
		eventIds: {
			observe: async () => {
				const id = await (await stage.user()).createId(meeting());
				return encodeURIComponent(id) === id;
			},
			expected: [
				['plain', true],
				['awkward', false],
			],
		},
	};
}
