/** What DingTalk does not say, and what only the bare responses show: the SDK's typed answers leave it out. */
import axios, { type AxiosResponse } from 'axios';

import { SECRET, type Stage } from '../stage';
import type { SwitchCases } from './switchCase';

interface Answer {
	id?: string;
	code?: string;
	message?: string;
	errcode?: unknown;
	start?: object;
	description?: unknown;
	recurrence?: unknown;
	freeBusyStatus?: string;
	events?: Array<{ id?: string; summary?: string }>;
	scheduleInformation?: Array<{ scheduleItems?: Array<{ status?: string }> }>;
}

const MEETING = {
	summary: 'Meeting',
	start: { dateTime: '2026-03-03T10:00:00+08:00', timeZone: 'Asia/Shanghai' },
	end: { dateTime: '2026-03-03T10:20:00+08:00', timeZone: 'Asia/Shanghai' },
};
const DAILY = { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 3 } };

export function wireSwitches(
	stage: Stage,
): SwitchCases<
	| 'duplicateAfterDelete'
	| 'writesToCancelled'
	| 'removeOrganizer'
	| 'endEqualsStart'
	| 'recurrenceNull'
	| 'exceptionsAfterRuleChange'
	| 'freeBusyStatusReturned'
	| 'textCounting'
	| 'freeBusyStatus'
	| 'viewWindow'
	| 'timeFields'
	| 'emptyFields'
	| 'messagePrefix'
	| 'unknownCorpId'
	| 'oldThrottle'
	| 'throttleHeaders'
> {
	const send = async (method: string, path: string, data?: object, headers = {}): Promise<AxiosResponse<Answer>> => {
		const token = await stage.appToken();
		return await axios.request<Answer>({
			method,
			url: `${stage.url}/v1.0/calendar/users/${stage.person(0).unionId}${path}`,
			data,
			headers: { 'x-acs-dingtalk-access-token': token, ...headers },
			validateStatus: () => true,
		});
	};
	const events = '/calendars/primary/events';
	const create = async (fields: object = {}, headers = {}): Promise<AxiosResponse<Answer>> =>
		await send('POST', events, { ...MEETING, ...fields }, headers);
	const createId = async (fields: object = {}, headers = {}): Promise<string> =>
		(await create(fields, headers)).data.id ?? '';
	const said = ({ status, data }: AxiosResponse<Answer>): string =>
		status === 200 ? 'done' : `${status} ${data.code} ${data.message}`;

	return {
		duplicateAfterDelete: {
			observe: async () => {
				const headers = { 'x-client-token': 'the same twice' };
				const first = await createId({}, headers);
				await send('DELETE', `${events}/${first}`);
				return (await createId({}, headers)) === first;
			},
			expected: [
				['firstAnswer', true],
				['runsAgain', false],
			],
		},
		writesToCancelled: {
			observe: async () => {
				const id = await createId();
				await send('DELETE', `${events}/${id}`);
				const guest = { attendeesToAdd: [{ id: stage.person(1).unionId }] };
				return [
					said(await send('POST', `${events}/${id}/attendees`, guest)),
					said(await send('PUT', `${events}/${id}`, { id, summary: 'Other' })),
				];
			},
			expected: [
				[
					'partly',
					[
						'done',
						"400 invalidParameter code: 300000, developerMessage: Cannot patch event that is not in 'confirmed' status.",
					],
				],
				['refused', ['404 itemNotFound item not found', '404 itemNotFound item not found']],
			],
		},
		removeOrganizer: {
			observe: async () => {
				const attendeesToRemove = [{ id: stage.person(0).unionId }];
				return said(await send('POST', `${events}/${await createId()}/attendees/batchRemove`, { attendeesToRemove }));
			},
			expected: [
				['refused', '400 invalidParameter can not remove organizer.'],
				['ignored', 'done'],
			],
		},
		endEqualsStart: {
			observe: async () => {
				const day = { date: '2026-03-03' };
				return (await create({ isAllDay: true, start: day, end: day })).status;
			},
			expected: [
				['allowed', 200],
				['refused', 400],
			],
		},
		recurrenceNull: {
			observe: async () => {
				const id = await createId({ recurrence: DAILY });
				const { status, data } = await send('PUT', `${events}/${id}`, { id, recurrence: null });
				return [status, data.recurrence !== undefined];
			},
			expected: [
				['cleared', [200, false]],
				['ignored', [200, true]],
				['refused', [400, false]],
			],
		},
		exceptionsAfterRuleChange: {
			observe: async () => {
				const id = await createId({ recurrence: DAILY });
				const dates = async () => (await send('GET', `${events}/${id}/instances`)).data.events ?? [];
				const [, { id: second }] = await dates();
				await send('PUT', `${events}/${second}`, { id: second, summary: 'Other' });
				const range = { type: 'numbered', numberOfOccurrences: 2 };
				await send('PUT', `${events}/${id}`, { id, recurrence: { ...DAILY, range } });
				return (await dates()).map(({ summary }) => summary);
			},
			expected: [
				['lost', ['Meeting', 'Meeting']],
				['kept', ['Meeting', 'Other']],
			],
		},
		freeBusyStatusReturned: {
			observe: async () => {
				const id = await createId({ freeBusyStatus: 'free' });
				return (await send('GET', `${events}/${id}`)).data.freeBusyStatus;
			},
			expected: [
				['no', undefined],
				['yes', 'free'],
			],
		},
		textCounting: {
			observe: async () => (await create({ summary: '📅'.repeat(1500) })).status,
			expected: [
				['codePoints', 200],
				['utf16', 400],
			],
		},
		freeBusyStatus: {
			observe: async () => {
				const { status } = await create({ freeBusyStatus: 'free' });
				const { data } = await send('POST', '/querySchedule', {
					userIds: [stage.person(0).unionId],
					startTime: '2026-03-03T00:00:00+08:00',
					endTime: '2026-03-04T00:00:00+08:00',
				});
				return [status, data.scheduleInformation?.[0].scheduleItems?.map((item) => item.status)];
			},
			expected: [
				['honoured', [200, []]],
				['listed', [200, ['FREE']]],
				['ignored', [200, ['BUSY']]],
				['refused', [400, []]],
			],
		},
		viewWindow: {
			observe: async () => {
				const window = 'timeMin=2026-03-01T00:00:00Z&timeMax=2028-03-01T00:00:00Z';
				return (await send('GET', `/calendars/primary/eventsview?${window}`)).status;
			},
			expected: [
				['unlimited', 200],
				['oneYear', 400],
			],
		},
		timeFields: {
			observe: async () => Object.keys((await create()).data.start ?? {}).sort(),
			expected: [
				['one', ['dateTime', 'timeZone']],
				['both', ['date', 'dateTime', 'timeZone']],
			],
		},
		emptyFields: {
			observe: async () => (await create()).data.description,
			expected: [
				['absent', undefined],
				['null', null],
				['emptyText', ''],
			],
		},
		messagePrefix: {
			observe: async () => {
				const meetingRoomsToAdd = [{ roomId: 'none' }];
				return said(await send('POST', `${events}/${await createId()}/meetingRooms`, { meetingRoomsToAdd }));
			},
			expected: [
				['none', '400 invalidParameter roomId invalid'],
				['developerMessage', '400 invalidParameter code: 300000, developerMessage: roomId invalid'],
			],
		},
		unknownCorpId: {
			observe: async () => {
				const { status, data } = await axios.post<Answer>(
					`${stage.url}/v1.0/oauth2/dingnobody/token`,
					{ client_id: 'sim-internal', client_secret: SECRET, grant_type: 'client_credentials' },
					{ validateStatus: () => true },
				);
				return [status, data.code];
			},
			expected: [
				['unknownError500', [500, 'unknownError']],
				['unauthorizedClient', [401, 'unauthorized.client']],
			],
		},
		oldThrottle: {
			observe: async () => {
				await stage.control('limits', { qps: 0 });
				const { data } = await axios.post<Answer>(
					`${stage.url}/topapi/v2/user/get?access_token=${await stage.appToken()}`,
					{ userid: 'x' },
				);
				return data.errcode;
			},
			expected: [
				['wrapped', 88],
				['plain', 90018],
			],
		},
		throttleHeaders: {
			observe: async () => {
				await stage.control('limits', { qps: 0 });
				return (await create()).headers['retry-after'] as unknown;
			},
			expected: [
				['none', undefined],
				['retryAfter', '1'],
			],
		},
	};
}
