/** The questions that no page of DingTalk answers. Each one is a switch of the simulator, or a plain observation. */
import { randomUUID } from 'node:crypto';

import type { Switches } from '../../simulator/switches';
import type { Reply } from './api';
import { DAY_MS, eventIn, HOUR_MS, type ProbeCalendar, type ProbeEvent } from './calendar';

export type Answer = string | boolean;

export interface Question {
	/** The switch of the simulator that the answer sets; undefined where there is none. */
	name: keyof Switches | 'oldHost' | 'instanceId';
	asks: string;
	/** The most metered calls it takes, deletions included. */
	metered: number;
	/** Needs a second test user. */
	needsGuest?: boolean;
	ask(calendar: ProbeCalendar): Promise<Answer>;
}

/** The question cannot be answered; the message says why. */
export class Undetermined extends Error {}

const describe = ({ status, code }: Reply): string => `HTTP ${status}${code ? ` ${code}` : ''}`;

/** Picks the answer for an outcome, or gives up with what was seen. */
function choose<T extends Answer>(reply: Reply, options: Array<[matches: boolean, answer: T]>): T {
	const [, answer] = options.find(([matches]) => matches) ?? [];
	if (answer === undefined) throw new Undetermined(`unexpected answer: ${describe(reply)}`);
	return answer;
}

const refused = ({ status }: Reply): boolean => status >= 400 && status < 500;
const isFine = ({ status }: Reply): boolean => status === 200;

const DAILY = { pattern: { type: 'daily', interval: 1 }, range: { type: 'numbered', numberOfOccurrences: 3 } };

const guestOf = ({ guest }: ProbeCalendar): string => {
	if (guest === undefined) throw new Undetermined('needs a second test user');
	return guest;
};

interface Listed {
	events?: ProbeEvent[];
	nextToken?: string | null;
	syncToken?: string;
}

export const listed = ({ body }: Reply): Listed => (body ?? {}) as Listed;

/** One day with nothing but the event, so that a list fits on one page. */
async function viewOf(calendar: ProbeCalendar, from: Date, to: Date, maxResults = 100): Promise<Reply> {
	const { api } = calendar;
	const query = { timeMin: api.time(from), timeMax: api.time(to), maxResults };
	return await api.call('GET', calendar.path('/eventsview'), { query });
}

async function attendeesOf(
	calendar: ProbeCalendar,
	id: string,
): Promise<Array<{ id?: string; responseStatus?: string }>> {
	const reply = await calendar.api.call('GET', calendar.eventPath(id, '/attendees'), { query: { maxResults: 100 } });
	return ((reply.body ?? {}) as ProbeEvent).attendees ?? [];
}

/** The first status that free/busy shows in an hour; undefined where it shows nothing. */
async function busyStatus(
	calendar: ProbeCalendar,
	person: string,
	{ from, to }: { from: Date; to: Date },
): Promise<string | undefined> {
	const { api, user } = calendar;
	const body = { userIds: [person], startTime: api.time(from), endTime: api.time(to) };
	const reply = await api.call('POST', `/v1.0/calendar/users/${encodeURIComponent(user)}/querySchedule`, { body });
	const { scheduleInformation } = (reply.body ?? {}) as {
		scheduleInformation?: Array<{ error?: string | null; scheduleItems?: Array<{ status?: string }> | null }>;
	};
	if (!isFine(reply) || scheduleInformation?.[0] === undefined || scheduleInformation[0].error) {
		throw new Undetermined(`free/busy cannot be read: ${describe(reply)}`);
	}
	return scheduleInformation[0].scheduleItems?.[0]?.status;
}

const times: Question[] = [
	{
		name: 'timestampsNeedMilliseconds',
		asks: 'Are times without milliseconds refused?',
		metered: 3,
		async ask(calendar) {
			const reply = await calendar.create();
			if (isFine(reply)) return false;
			if (!reply.code.endsWith('ParsedISO8601TimestampError')) {
				throw new Undetermined(`unexpected answer: ${describe(reply)}`);
			}
			calendar.api.milliseconds = true;
			await calendar.createId();
			return true;
		},
	},
	{
		name: 'timeFields',
		asks: 'Does the start of a timed event carry a date besides its time?',
		metered: 2,
		async ask(calendar) {
			const { start } = eventIn(await calendar.create());
			return start?.date ? 'both' : 'one';
		},
	},
	{
		name: 'emptyFields',
		asks: 'How are fields without a value sent?',
		metered: 2,
		async ask(calendar) {
			const { description } = eventIn(await calendar.create());
			return description === null ? 'null' : description === '' ? 'emptyText' : 'absent';
		},
	},
	{
		name: 'endEqualsStart',
		asks: 'May the end date of an all-day event equal its start date?',
		metered: 2,
		async ask(calendar) {
			const date = calendar.hour().from.toISOString().slice(0, 10);
			const reply = await calendar.create({ isAllDay: true, start: { date }, end: { date } });
			return choose(reply, [
				[isFine(reply), 'allowed'],
				[refused(reply), 'refused'],
			]);
		},
	},
	{
		name: 'textCounting',
		asks: 'Is the length of a title counted in characters or in UTF-16 units?',
		metered: 2,
		async ask(calendar) {
			// 1,500 characters, 3,000 units; 2,048 are allowed.
			const reply = await calendar.create({ summary: '📅'.repeat(1500) });
			return choose(reply, [
				[isFine(reply), 'codePoints'],
				[refused(reply), 'utf16'],
			]);
		},
	},
];

const writes: Question[] = [
	{
		name: 'recurrenceNull',
		asks: 'Does recurrence: null make a series a single event?',
		metered: 4,
		async ask(calendar) {
			const id = await calendar.createId({ recurrence: DAILY });
			const reply = await calendar.update(id, { recurrence: null });
			if (refused(reply)) return 'refused';
			const { recurrence } = eventIn(await calendar.get(id));
			return recurrence ? 'ignored' : 'cleared';
		},
	},
	{
		name: 'finishedDuplicate',
		asks: 'What does a finished request get that is repeated with the same x-client-token?',
		metered: 3,
		async ask(calendar) {
			const [key, body] = [randomUUID(), { summary: 'n8n probe, twice', ...calendar.times() }];
			const first = await calendar.createId(body, { key });
			const reply = await calendar.create(body, { key });
			return choose(reply, [
				[isFine(reply) && eventIn(reply).id === first, 'firstAnswer'],
				[reply.code === 'invalidRequest.duplicateClientToken', 'conflict'],
			]);
		},
	},
	{
		name: 'duplicateAfterDelete',
		asks: 'And after the event has been deleted?',
		metered: 5,
		async ask(calendar) {
			const [key, body] = [randomUUID(), { summary: 'n8n probe, twice', ...calendar.times() }];
			const first = await calendar.createId(body, { key });
			await calendar.delete(first);
			const reply = await calendar.create(body, { key });
			if (reply.code === 'invalidRequest.duplicateClientToken') return 'firstAnswer';
			return choose(reply, [
				[isFine(reply) && eventIn(reply).id === first, 'firstAnswer'],
				[isFine(reply), 'runsAgain'],
			]);
		},
	},
	{
		name: 'remindersAbsentInUpdate',
		asks: 'Does an update without reminders keep them?',
		metered: 4,
		async ask(calendar) {
			const id = await calendar.createId({ reminders: [{ method: 'dingtalk', minutes: 47 }] });
			await calendar.update(id, { summary: 'n8n probe, renamed' });
			const { reminders } = eventIn(await calendar.get(id));
			return reminders?.some(({ minutes }) => Number(minutes) === 47) ? 'keep' : 'default';
		},
	},
	{
		name: 'attendeesInUpdate',
		asks: 'Do attendees in an update replace the list?',
		metered: 4,
		needsGuest: true,
		async ask(calendar) {
			const guest = guestOf(calendar);
			const id = await calendar.createId({ attendees: [{ id: guest }] });
			await calendar.update(id, { attendees: [] });
			return (await attendeesOf(calendar, id)).some((person) => person.id === guest) ? 'merge' : 'replace';
		},
	},
	{
		name: 'updateByNonOrganizer',
		asks: 'May an attendee change the event?',
		metered: 3,
		needsGuest: true,
		async ask(calendar) {
			const guest = guestOf(calendar);
			const id = await calendar.createId({ attendees: [{ id: guest }] });
			const reply = await calendar.update(id, { summary: 'n8n probe, by a guest' }, guest);
			return choose(reply, [
				[isFine(reply), 'allowed'],
				[reply.code === 'permissionDenied', 'permissionDenied'],
				[refused(reply), 'invalidParameter'],
			]);
		},
	},
	{
		name: 'removeOrganizer',
		asks: 'What does removing the organizer from the attendees get?',
		metered: 3,
		async ask(calendar) {
			const id = await calendar.createId();
			const body = { attendeesToRemove: [{ id: calendar.user }] };
			const reply = await calendar.api.call('POST', calendar.eventPath(id, '/attendees/batchRemove'), { body });
			return choose(reply, [
				[isFine(reply), 'ignored'],
				[refused(reply), 'refused'],
			]);
		},
	},
	{
		name: 'organizerAmongAttendees',
		asks: 'Is the organizer in the list of attendees?',
		metered: 3,
		async ask(calendar) {
			const attendees = await attendeesOf(calendar, await calendar.createId());
			return attendees.some(({ id }) => id === calendar.user);
		},
	},
	{
		name: 'rescheduleResetsResponses',
		asks: 'Does moving an event reset the responses?',
		metered: 6,
		needsGuest: true,
		async ask(calendar) {
			const guest = guestOf(calendar);
			const id = await calendar.createId({ attendees: [{ id: guest }] });
			await calendar.api.call('POST', calendar.eventPath(id, '/respond', guest), {
				body: { responseStatus: 'accepted' },
			});
			await calendar.update(id, calendar.times());
			const found = (await attendeesOf(calendar, id)).find((person) => person.id === guest);
			return found?.responseStatus !== 'accepted';
		},
	},
];

const deletions: Question[] = [
	{
		name: 'deleteBody',
		asks: 'Does a successful deletion have a body?',
		metered: 2,
		async ask(calendar) {
			return (await calendar.delete(await calendar.createId())).body === undefined ? 'empty' : 'requestId';
		},
	},
	{
		name: 'writeResult',
		asks: 'Does a write return the result that is documented for it?',
		metered: 3,
		async ask(calendar) {
			const id = await calendar.createId();
			const reply = await calendar.api.call('POST', calendar.eventPath(id, '/cancel'));
			const result = isFine(reply) && ((reply.body ?? {}) as { result?: unknown }).result;
			return choose(reply, [
				[isFine(reply) && reply.body === undefined, 'empty'],
				[result === undefined, 'emptyObject'],
				[result === true, 'result'],
			]);
		},
	},
	{
		name: 'getDeleted',
		asks: 'What does reading a deleted event get?',
		metered: 3,
		async ask(calendar) {
			const id = await calendar.createId();
			await calendar.delete(id);
			const reply = await calendar.get(id);
			return choose(reply, [
				[isFine(reply), 'cancelledEvent'],
				[reply.code === 'instanceNotExist', 'instanceNotExist'],
				[refused(reply), 'itemNotFound'],
			]);
		},
	},
	{
		name: 'deleteTwice',
		asks: 'What does deleting a deleted event get?',
		metered: 3,
		async ask(calendar) {
			const id = await calendar.createId();
			await calendar.delete(id);
			const reply = await calendar.delete(id);
			return choose(reply, [
				[isFine(reply), 'ok'],
				[refused(reply), 'itemNotFound'],
			]);
		},
	},
	{
		name: 'writesToCancelled',
		asks: 'Can people still be added to a deleted event?',
		metered: 3,
		async ask(calendar) {
			const id = await calendar.createId();
			await calendar.delete(id);
			const body = { attendeesToAdd: [{ id: calendar.user, isOptional: false }] };
			const reply = await calendar.api.call('POST', calendar.eventPath(id, '/attendees'), { body });
			return choose(reply, [
				[isFine(reply), 'partly'],
				[refused(reply), 'refused'],
			]);
		},
	},
	{
		name: 'deletedInDelta',
		asks: 'Do the changes since a sync token include deleted events?',
		metered: 6,
		async ask(calendar) {
			const { api } = calendar;
			const hour = calendar.hour();
			const id = await calendar.createId(calendar.times(hour));
			const timeMin = api.time(new Date(hour.from.getTime() - HOUR_MS));
			const first = listed(await api.call('GET', calendar.path('/events'), { query: { timeMin, maxResults: 100 } }));
			if (!first.syncToken) throw new Undetermined('the first page has no sync token');
			await calendar.delete(id);
			const query = { syncToken: first.syncToken, maxResults: 100 };
			const delta = listed(await api.call('GET', calendar.path('/events'), { query }));
			return delta.events?.some((event) => event.id === id) ? 'included' : 'onlyWithShowDeleted';
		},
	},
	{
		name: 'deletedInList',
		asks: 'Does a list of all events contain deleted ones?',
		metered: 4,
		async ask(calendar) {
			const { api } = calendar;
			const hour = calendar.hour();
			const id = await calendar.createId(calendar.times(hour));
			await calendar.delete(id);
			const timeMin = api.time(new Date(hour.from.getTime() - HOUR_MS));
			const query = { timeMin, showDeleted: true, maxResults: 100 };
			const { events = [] } = listed(await api.call('GET', calendar.path('/events'), { query }));
			return events.some((event) => event.id === id) ? 'included' : 'leftOut';
		},
	},
];

const lists: Question[] = [
	{
		name: 'oversizedPage',
		asks: 'What does a page size over the maximum get?',
		metered: 1,
		async ask(calendar) {
			const { from, to } = calendar.hour();
			const reply = await viewOf(calendar, from, to, 101);
			return choose(reply, [
				[isFine(reply), 'clamp'],
				[refused(reply), 'refuse'],
			]);
		},
	},
	{
		name: 'lastPageToken',
		asks: 'How does the last page say that it is the last?',
		metered: 1,
		async ask(calendar) {
			const { from, to } = calendar.hour();
			const page = listed(await viewOf(calendar, from, to));
			if (page.nextToken) throw new Undetermined('the page is not the last one');
			return page.nextToken === null ? 'null' : page.nextToken === '' ? 'empty' : 'absent';
		},
	},
	{
		name: 'viewWindow',
		asks: 'May a view be longer than a year?',
		metered: 1,
		async ask(calendar) {
			const { from } = calendar.hour();
			const reply = await viewOf(calendar, from, new Date(from.getTime() + 400 * DAY_MS));
			return choose(reply, [
				[isFine(reply), 'unlimited'],
				[refused(reply), 'oneYear'],
			]);
		},
	},
	{
		name: 'virtualInstance',
		asks: 'Can a future date of a series be read by its ID?',
		metered: 4,
		async ask(calendar) {
			const id = await instanceId(calendar);
			const reply = await calendar.get(id);
			return choose(reply, [
				[isFine(reply), 'accepted'],
				[refused(reply), 'instanceNotExist'],
			]);
		},
	},
	{
		name: 'eventIds',
		asks: 'Do event IDs hold characters that must be encoded in a path?',
		metered: 2,
		async ask(calendar) {
			const id = await calendar.createId();
			return encodeURIComponent(id) === id ? 'plain' : 'awkward';
		},
	},
	{
		name: 'unknownUser',
		asks: 'What does an unknown union ID get?',
		metered: 1,
		async ask(calendar) {
			const { from, to } = calendar.hour();
			const { api } = calendar;
			const query = { timeMin: api.time(from), timeMax: api.time(to) };
			const reply = await api.call('GET', calendar.path('/eventsview', 'n8nProbeNoSuchUnionId'), { query });
			return choose(reply, [
				[reply.code === 'itemNotFound', 'itemNotFound'],
				[refused(reply), 'invalidParameter'],
			]);
		},
	},
];

/** The ID of the last date of a new series. */
async function instanceId(calendar: ProbeCalendar): Promise<string> {
	const hour = calendar.hour();
	const series = await calendar.createId({ ...calendar.times(hour), recurrence: DAILY });
	const to = new Date(hour.from.getTime() + 4 * DAY_MS);
	const { events = [] } = listed(await viewOf(calendar, hour.from, to));
	const dates = events.filter((event) => event.seriesMasterId === series);
	const id = dates[dates.length - 1]?.id;
	if (id === undefined) throw new Undetermined('the view does not show the series');
	return id;
}

const freeBusy: Question[] = [
	{
		name: 'freeBusyStatus',
		asks: 'Does an event created with freeBusyStatus "free" count as free?',
		metered: 3,
		async ask(calendar) {
			const hour = calendar.hour();
			const reply = await calendar.create({ ...calendar.times(hour), freeBusyStatus: 'free' });
			if (refused(reply)) return 'refused';
			const status = await busyStatus(calendar, calendar.user, hour);
			return status === undefined ? 'honoured' : status === 'FREE' ? 'listed' : 'ignored';
		},
	},
	{
		name: 'unansweredFreeBusy',
		asks: 'What does free/busy say of an invitation without a response?',
		metered: 3,
		needsGuest: true,
		async ask(calendar) {
			const guest = guestOf(calendar);
			const hour = calendar.hour();
			await calendar.createId({ ...calendar.times(hour), attendees: [{ id: guest }] });
			const status = await busyStatus(calendar, guest, hour);
			return status === undefined ? 'free' : status === 'TENTATIVE' ? 'tentative' : 'busy';
		},
	},
	{
		name: 'signInWindow',
		asks: 'Can people check in long before the event?',
		metered: 3,
		async ask(calendar) {
			const id = await calendar.createId();
			const reply = await calendar.api.call('POST', calendar.eventPath(id, '/signin'));
			return choose(reply, [
				[isFine(reply), 'always'],
				[refused(reply), 'aroundEvent'],
			]);
		},
	},
];

/** More than DingTalk takes in a second, and far fewer than lead to a ban. */
const BURST = 30;

const gateway: Question[] = [
	{
		name: 'messagePrefix',
		asks: 'Do messages of the calendar carry the prefix of its back end?',
		metered: 3,
		async ask(calendar) {
			const id = await calendar.createId();
			const body = { meetingRoomsToAdd: [{ roomId: 'n8n-probe-no-such-room' }] };
			const reply = await calendar.api.call('POST', calendar.eventPath(id, '/meetingRooms'), { body });
			if (!refused(reply)) throw new Undetermined(`unexpected answer: ${describe(reply)}`);
			return reply.message.startsWith('code:') ? 'developerMessage' : 'none';
		},
	},
	{
		name: 'invalidTokenStatus',
		asks: 'Which status does an invalid access token get?',
		metered: 0,
		async ask(calendar) {
			const reply = await calendar.api.free('GET', calendar.path('/eventsview'), { token: 'n8n-probe' });
			return choose(reply, [
				[reply.status === 400, '400'],
				[reply.status === 401, '401'],
			]);
		},
	},
	{
		name: 'oldInvalidToken',
		asks: 'Which errcode does it get on the old-style API?',
		metered: 0,
		async ask({ api }) {
			const reply = await api.old('/topapi/v2/user/get', { userid: 'n8n-probe' }, { token: 'n8n-probe' });
			return choose(reply, [
				[reply.code === '88', '88'],
				[reply.code === '40014', '40014'],
				[reply.code === '42001', '42001'],
			]);
		},
	},
	{
		name: 'oldErrcodeType',
		asks: 'Is an errcode a number or text?',
		metered: 0,
		async ask({ api }) {
			const { body } = await api.old('/topapi/v2/user/get', { userid: 'n8n-probe' }, { token: 'n8n-probe' });
			return typeof (body as { errcode?: unknown } | undefined)?.errcode === 'string' ? 'string' : 'number';
		},
	},
	{
		name: 'oldThrottle',
		asks: 'How does the old-style API report too many calls?',
		metered: 0,
		async ask({ api }) {
			const replies = await api.together(
				BURST,
				async (burst) => await api.old('/topapi/v2/user/get', { userid: 'n8n-probe' }, burst),
			);
			const about = replies.find(({ body }) => /9001[08]|90002/.test(JSON.stringify(body)));
			if (about === undefined) throw new Undetermined('no call was rate limited');
			return about.code === '88' ? 'wrapped' : 'plain';
		},
	},
	{
		name: 'throttleHeaders',
		asks: 'Does the response to a rate-limited call say in a header when to retry?',
		metered: 0,
		async ask({ api }) {
			const body = { queryWord: 'n8n probe', offset: 0, size: 1 };
			const about = (
				await api.together(
					BURST,
					async (burst) => await api.free('POST', '/v1.0/contact/users/search', { body, ...burst }),
				)
			).find(({ code }) => code.includes('LimitFor'));
			if (about === undefined) throw new Undetermined('no call was rate limited');
			return Object.keys(about.headers).some((name) => name.toLowerCase() === 'retry-after') ? 'retryAfter' : 'none';
		},
	},
	{
		name: 'unknownCorpId',
		asks: 'What does a corp ID that does not exist get?',
		metered: 0,
		async ask({ api }) {
			const reply = await api.corpToken('dingn8nprobe00000000000000000000');
			return choose(reply, [
				[reply.status === 500, 'unknownError500'],
				[refused(reply), 'unauthorizedClient'],
			]);
		},
	},
	{
		name: 'oldHost',
		asks: 'Does the old-style host of the region answer?',
		metered: 0,
		async ask({ api }) {
			const reply = await api
				.old('/topapi/v2/user/get', { userid: 'n8n-probe' }, { token: 'n8n-probe' })
				.catch(() => undefined);
			return reply !== undefined && reply.code !== '' ? 'answers' : 'does not answer';
		},
	},
	{
		name: 'instanceId',
		asks: 'Does the ID of a date contain the ID of its series?',
		metered: 3,
		async ask(calendar) {
			const hour = calendar.hour();
			const series = await calendar.createId({ ...calendar.times(hour), recurrence: DAILY });
			const { events = [] } = listed(await viewOf(calendar, hour.from, new Date(hour.from.getTime() + 4 * DAY_MS)));
			const date = events.find((event) => event.seriesMasterId === series)?.id;
			if (date === undefined) throw new Undetermined('the view does not show the series');
			return date.includes(series) ? 'contains it' : 'opaque';
		},
	},
];

export const QUESTIONS: readonly Question[] = [...times, ...writes, ...deletions, ...lists, ...freeBusy, ...gateway];
