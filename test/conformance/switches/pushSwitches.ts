/** How each switch of pushes shows to a receiver. */
import axios from 'axios';

import { CalendarStore } from '../../simulator/calendar/calendarStore';
import { meeting } from '../samples';
import { useReceiver } from '../receiver';
import type { Stage } from '../stage';
import { useStreams } from '../streamClient';
import type { SwitchCases } from './switchCase';

const RETRIES_MS = [10_000, 30_000, 240_000];
const MANY = 40;

/** What DingTalk does not say about pushes. */
export function pushSwitches(
	stage: Stage,
): SwitchCases<
	| 'streamPayload'
	| 'httpPayload'
	| 'createdIsCalled'
	| 'pushedUsers'
	| 'responsesArePushed'
	| 'pushOrder'
	| 'acceptedPushes'
	| 'pushChannels'
	| 'streamWelcome'
	| 'streamWithoutConnection'
	| 'repushMessageId'
	| 'signatureParameter'
	| 'callbackOwnerKey'
	| 'failedListKey'
	| 'failedResultsOnceRead'
> {
	const streams = useStreams(stage);
	const receiver = useReceiver(stage);

	const createMeeting = async (guests: number[] = []): Promise<string> =>
		await (
			await stage.user(0)
		).createId(meeting({ attendees: guests.map((index) => ({ id: stage.person(index).unionId })) }));

	const makeMeetings = async (count: number): Promise<string[]> => {
		const ids: string[] = [];
		for (let i = 0; i < count; i++) ids.push(await createMeeting());
		return ids;
	};

	/** A push that marks the end of what a test waits for. */
	const pushLast = (): Promise<void> => stage.control('push', { changeType: 'last' });

	const streamed = async (act: () => Promise<unknown>): Promise<Array<Record<string, unknown>>> => {
		const stream = await streams.connect();
		await act();
		await stage.settled();
		return stream.changes;
	};

	/** An event that could be delivered to nobody. */
	const failOne = async (): Promise<void> => {
		await receiver.register();
		receiver.it.manner = 'error';
		await createMeeting();
		for (const ms of RETRIES_MS) {
			await stage.settled();
			await stage.advance(ms);
		}
		await stage.settled();
	};

	const failedResults = async (): Promise<unknown[]> => {
		const headers = { 'x-acs-dingtalk-access-token': await stage.appToken() };
		const { data } = await axios.get<{ failedList: unknown[] }>(`${stage.url}/v1.0/event/callbacks/failedResults`, {
			headers,
		});
		return data.failedList;
	};

	return {
		streamPayload: {
			observe: async () => Object.keys((await streamed(createMeeting))[0]),
			expected: [
				[
					'camel',
					[
						'calendarEventId',
						'calendarEventUpdateTime',
						'calendarId',
						'unionIdList',
						'changeType',
						'operator',
						'legacyCalendarEventId',
					],
				],
				[
					'pascal',
					[
						'CalendarEventId',
						'CalendarEventUpdateTime',
						'CalendarId',
						'UnionIdList',
						'ChangeType',
						'operator',
						'LegacyCalendarEventId',
					],
				],
			],
		},
		httpPayload: {
			observe: async () => {
				await receiver.register();
				await createMeeting();
				await receiver.it.heard(1);
				return Object.keys(receiver.it.pushes[0].data).filter((name) => /^(event|calendar)/i.test(name));
			},
			expected: [
				['pascal', ['EventType', 'EventTime', 'CalendarEventId', 'CalendarEventUpdateTime', 'CalendarId']],
				['camel', ['EventType', 'EventTime', 'eventId', 'calendarEventId', 'calendarEventUpdateTime', 'calendarId']],
			],
		},
		createdIsCalled: {
			observe: async () => (await streamed(createMeeting)).map(({ changeType }) => changeType),
			expected: [
				['created', ['created']],
				['create', ['create']],
			],
		},
		pushedUsers: {
			observe: async () =>
				(await streamed(() => createMeeting([1, 2]))).map(({ unionIdList }) => (unionIdList as string[]).length),
			expected: [
				['together', [3]],
				['oneEach', [1, 1, 1]],
			],
		},
		responsesArePushed: {
			observe: async () => {
				const id = await createMeeting([1]);
				return (await streamed(async () => (await stage.user(1)).respond(id, 'accepted'))).length;
			},
			expected: [
				[true, 1],
				[false, 0],
			],
		},
		pushOrder: {
			observe: async () => {
				const stream = await streams.connect();
				await Promise.all(Array.from({ length: MANY }, () => createMeeting()));
				await stream.heard(MANY);
				const happened = stage.world.use(CalendarStore).changes.map(({ eventId }) => eventId);
				const received = stream.changes.map(({ calendarEventId }) => calendarEventId);
				return {
					complete: new Set(received).size === MANY,
					inOrder: JSON.stringify(received) === JSON.stringify(happened),
				};
			},
			expected: [
				['asItHappened', { complete: true, inOrder: true }],
				['mixed', { complete: true, inOrder: false }],
			],
		},
		acceptedPushes: {
			observe: async () => {
				const received = await streamed(() => makeMeetings(MANY));
				return {
					complete: new Set(received.map(({ calendarEventId }) => calendarEventId)).size === MANY,
					twice: received.length > MANY,
				};
			},
			expected: [
				['done', { complete: true, twice: false }],
				['sometimesRepeated', { complete: true, twice: true }],
			],
		},
		pushChannels: {
			observe: async () => {
				await receiver.register();
				const received = await streamed(createMeeting);
				await receiver.it.heard(1);
				return { stream: received.length, http: receiver.it.pushes.length };
			},
			expected: [
				['oneAtATime', { stream: 0, http: 1 }],
				['both', { stream: 1, http: 1 }],
			],
		},
		streamWelcome: {
			observe: async () => {
				const stream = await streams.connect();
				await pushLast();
				// Frames keep their order, so what came before this one has come.
				await stream.heard(1);
				return stream.client.registered;
			},
			expected: [
				['none', false],
				['connectedAndRegistered', true],
			],
		},
		streamWithoutConnection: {
			observe: async () => {
				(await streams.connect()).close();
				await stage.connected(0);
				await createMeeting();
				return (await streamed(() => pushLast())).map(({ changeType }) => changeType);
			},
			expected: [
				['kept', ['created', 'last']],
				['lost', ['last']],
			],
		},
		repushMessageId: {
			observe: async () => {
				let asked = 0;
				const stream = await streams.connect('sim-internal', () => (++asked === 1 ? 'LATER' : 'SUCCESS'));
				await createMeeting();
				await stream.heard(1);
				await stage.advance(1_000);
				await stream.heard(2);
				const ids = (name: 'messageId' | 'eventId'): number =>
					new Set(stream.frames.map(({ headers }) => headers[name])).size;
				return { messageIds: ids('messageId'), eventIds: ids('eventId') };
			},
			expected: [
				['new', { messageIds: 2, eventIds: 1 }],
				['same', { messageIds: 1, eventIds: 1 }],
			],
		},
		signatureParameter: {
			observe: async () => {
				await receiver.register();
				return Object.keys(receiver.it.received[0].query).filter((name) => name.endsWith('signature'));
			},
			expected: [
				['both', ['signature', 'msg_signature']],
				['signature', ['signature']],
				['msg_signature', ['msg_signature']],
			],
		},
		callbackOwnerKey: {
			observe: async () => {
				await receiver.register();
				return receiver.it.received[0].ownerKey === stage.corpId ? 'corp' : receiver.it.received[0].ownerKey;
			},
			expected: [
				['clientId', 'sim-internal'],
				['corpId', 'corp'],
			],
		},
		failedListKey: {
			observe: async () => {
				await failOne();
				const params = { access_token: await stage.appToken() };
				const { data } = await axios.get<{ failed_list: object[] }>(
					`${stage.url}/call_back/get_call_back_failed_result`,
					{ params },
				);
				return Object.keys(data.failed_list[0]);
			},
			expected: [
				['tag', ['call_back_tag', 'event_time', 'corpid', 'calendar_event_change']],
				['callbackData', ['call_back_tag', 'event_time', 'corpid', 'callbackData']],
			],
		},
		failedResultsOnceRead: {
			observe: async () => {
				await failOne();
				return [(await failedResults()).length, (await failedResults()).length];
			},
			expected: [
				['discarded', [1, 0]],
				['kept', [1, 1]],
			],
		},
	};
}
