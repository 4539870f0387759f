/** Runs every example workflow on the n8n engine. */
import type { IDataObject } from 'n8n-workflow';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import { errorOf, outputOf, type RunOptions, type WorkflowJson } from './harness';
import { plant } from './support/events';
import { timed } from './support/polling';
import { useDesk } from './support/setup';
import { stateOf } from './support/state';
import { StreamClock } from './support/streamClock';
import { connections, until, untilClosed } from './support/triggers';
import { openRegisteredServer } from './support/webhook';

const folder = join(__dirname, '../../examples');
const desk = useDesk();

const read = (name: string): string => readFileSync(join(folder, `${name}.json`), 'utf8');

const run = async (name: string, startNode?: string, options: RunOptions = {}) =>
	await runText(read(name), startNode, options);

async function runText(text: string, startNode?: string, options: RunOptions = {}) {
	// Examples are dated from the real clock.
	desk().simulator.world.clock.set(Date.now());
	const json = JSON.parse(text) as WorkflowJson;
	const outcome = await desk().engine.runWorkflow(json, { credentials: [desk().credential], startNode, ...options });
	expect(errorOf(outcome)).toBeUndefined();
	return (node: string) => outputOf(outcome, node);
}

describe('an example workflow', () => {
	it('is run by these tests, whichever file it is', () => {
		expect(readdirSync(folder).sort()).toEqual([
			'ai-agent.json',
			'attendees-dry-run.json',
			'attendees-match-a-list.json',
			'book-a-free-room.json',
			'book-any-room.json',
			'book-or-say-why.json',
			'change-this-and-following.json',
			'daily-agenda-message.json',
			'find-a-time-and-create.json',
			'find-a-time-with-a-room.json',
			'interview-loop.json',
			'invitation-to-calendar.json',
			'leaver.json',
			'log-changes-over-http.json',
			'meeting-as-file.json',
			'move-one-date.json',
			'onboarding-series.json',
			'preview-a-series.json',
			'preview-last-friday.json',
			'remind-before-a-meeting.json',
			'room-booking-bot.json',
			'shift-plan.json',
			'sign-in-a-user.json',
			'sign-in-sheet.json',
			'team-next-week.json',
			'team-week.json',
			'tell-what-changed.json',
			'two-way-sync.json',
			'upsert-a-shift.json',
			'upsert-an-order.json',
			'week-by-mail.json',
			'weekly-meeting.json',
			'who-has-not-answered.json',
		]);
	});

	it('creates a weekly meeting with eight occurrences', async () => {
		const output = await run('weekly-meeting');
		const occurrences = output('List the occurrences');
		expect(occurrences).toHaveLength(8);
		expect(occurrences.every(({ start }) => String(start).includes('T10:00:00+08:00'))).toBe(true);
		expect(output('Create the meeting')[0].attendees).toContain('林晓彤');
	});

	it('moves a weekly meeting to the afternoon from its fifth date on', async () => {
		const output = await run('change-this-and-following');
		const [{ id, start }] = output('A weekly meeting');
		expect(output('From the fifth date on')).toMatchObject([{ previousSeriesId: id, notKept: [] }]);
		const dates = output('The dates of the new series').map((date) => String(date.start));
		const first = DateTime.fromISO(String(start), { zone: 'Asia/Shanghai' }).plus({ weeks: 4, hours: 4 });
		expect(dates).toEqual([0, 1, 2, 3].map((weeks) => first.plus({ weeks }).toISO({ suppressMilliseconds: true })));
		expect(output('From the fifth date on')[0].attendees).toContain('李文博');
	});

	it('summarizes who has not responded', async () => {
		const output = await run('who-has-not-answered');
		const [summary] = output('Summarize the responses');
		expect(summary).toMatchObject({ total: 3, accepted: 2, noAnswer: 1 });
		expect(summary.noAnswerFrom).toContain('王建国');
		expect(output('Message for the group')).toEqual([
			{
				msgtype: 'markdown',
				markdown: { title: 'Please respond', text: '### Company day: will you come?\n\nNo response yet from 王建国.' },
			},
		]);
	});

	it('books a room with a projector', async () => {
		const output = await run('book-a-free-room');
		expect(output('Find rooms')[0].equipment).toContain('投影');
		expect(output('Book the room')[0]).toMatchObject({ booked: 1, waitingForApproval: 0 });
	});

	it('lists who arrived at a training and who is missing', async () => {
		const output = await run('sign-in-sheet');
		expect(output('Who has arrived')).toMatchObject([{ name: '林晓彤', checkedInAt: expect.stringContaining('T') }]);
		expect(output('Who is missing').map(({ name }) => name)).not.toContain('林晓彤');
		expect(output('Who is missing').length).toBeGreaterThan(0);
	});

	it('finds a time that suits everyone and creates the meeting', async () => {
		const output = await run('find-a-time-and-create');
		const [slot] = output('Find a time');
		expect(slot).toMatchObject({ found: true, explanation: 'All attendees are free.' });
		expect(output('Create the meeting')).toMatchObject([
			{ summary: 'Project review', start: slot.start, end: slot.end },
		]);
		expect(output('Create the meeting')[0].attendees).toContain('王建国');
	});

	it('finds a time when a room is free too and books the room', async () => {
		const output = await run('find-a-time-with-a-room');
		expect(output('Find a time and a room')[0].rooms).toMatchObject([{ seats: 20 }, { seats: 30 }, { seats: 50 }]);
		expect(output('Book the room')[0]).toMatchObject({ booked: 1, waitingForApproval: 0 });
	});

	/** The same expressions, for the second of several times. */
	const withAlternative = (name: string): string =>
		read(name)
			.replace(/(json)\.(start|end|attendees|optionalAttendees|timeZone|room)\b/g, '$1.alternatives[0].$2')
			.replace('"results": 1', '"results": 2');

	it('fits the fields of Create and Book with an alternative too', async () => {
		const created = await runText(withAlternative('find-a-time-and-create'));
		const [{ start, alternatives }] = created('Find a time');
		const [other] = alternatives as IDataObject[];
		expect(other.start).not.toBe(start);
		expect(created('Create the meeting')).toMatchObject([{ start: other.start, end: other.end }]);
		expect(created('Create the meeting')[0].attendees).toContain('王建国');
		const booked = await runText(withAlternative('find-a-time-with-a-room'));
		const [{ alternatives: withRooms }] = booked('Find a time and a room');
		const [{ start: otherStart, room }] = withRooms as IDataObject[];
		expect(booked('Create the meeting')).toMatchObject([{ start: otherStart }]);
		expect(room).toBeTruthy();
		expect(booked('Book the room')[0]).toMatchObject({ booked: 1, waitingForApproval: 0 });
	});

	it('books one interview after the other with the interviewer whose turn it is', async () => {
		const output = await run('interview-loop');
		const booked = output('One after the other');
		expect(booked).toHaveLength(3);
		const { events } = await stateOf(desk());
		const chosen = events.map(({ attendees }) => attendees.map(({ unionId }) => unionId).slice(1));
		expect(chosen.flat()).toHaveLength(3);
		expect(new Set(chosen.flat()).size).toBe(3);
	});

	it('sends reminders before a meeting and can be run manually', async () => {
		plant(desk(), desk().people[0], { summary: 'Budget', ...timed(Date.now() + 3_600_000) });
		const polled = await run('remind-before-a-meeting', 'A meeting is about to start');
		expect(polled('Format the reminder')[0].reminder).toMatch(/^Budget starts at \d\d:\d\d\. /);
		const tried = await run('remind-before-a-meeting', 'When clicking Execute');
		expect(tried('Format the reminder')[0].reminder).toMatch(/^Weekly planning starts at \d\d:\d\d, Room 3/);
	});

	it('describes what changed in a meeting', async () => {
		const [anna] = desk().people.filter(({ mobile }) => mobile === '13857130207');
		const running = run('tell-what-changed');
		await until(() => connections(desk()).length > 0);
		plant(desk(), anna);
		expect((await running)('Describe the change')).toEqual([{ title: 'Planted', what: 'created', changes: '' }]);
	});

	it('builds a message with the agenda of the day', async () => {
		const [message] = (await run('daily-agenda-message'))('Message for the robot');
		expect(message).toMatchObject({
			msgtype: 'markdown',
			markdown: { title: 'Your day', text: expect.stringMatching(/^### Your day\n\n\*\*.* \(today\)\*\*\n/) },
		});
	});

	it('builds one text with the week of a team', async () => {
		const [message] = (await run('team-week'))('Message text');
		expect(message.subject).toMatch(/^Agenda for .+, 王建国, .+$/);
		expect(
			String(message.text)
				.split('\n')
				.filter((line) => /^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day /.test(line)),
		).toHaveLength(7);
	});

	it('builds a mail with the week of a team as a table', async () => {
		const [mail] = (await run('week-by-mail'))('The mail');
		expect(mail.subject).toMatch(/^Agenda for .+, 王建国, .+$/);
		expect(String(mail.html).match(/<th [^>]*scope="col"/g)).toHaveLength(4);
		expect(String(mail.html).match(/<th [^>]*scope="row"/g)).toHaveLength(7);
	});

	it('logs changes pushed over HTTP', async () => {
		const json = JSON.parse(readFileSync(join(folder, 'log-changes-over-http.json'), 'utf8')) as WorkflowJson;
		const server = await openRegisteredServer(desk(), json);
		plant(desk(), desk().people[0]);
		await until(() => server.database.executions.length === 1);
		await server.idle();
		await server.close();
		const [written] = server.runs.flatMap((outcome) => outputOf(outcome, 'Format the line'));
		expect(written.line).toMatch(/^\d{4}-\d\d-\d\dT.* {2}created {2}Planted$/);
	});
});

describe('an example workflow for booking, keys, lists or files', () => {
	it('books the smallest free room with a projector', async () => {
		const [booked] = (await run('book-any-room'))('Book the meeting');
		expect(booked).toMatchObject({ booked: true, outcome: 'booked', room: { status: 'accepted' } });
	});

	it('returns the reason a meeting was not booked and continues', async () => {
		const output = await run('book-or-say-why');
		expect(output('Book the first meeting')).toMatchObject([{ booked: true }]);
		expect(output('Try the same time again')).toMatchObject([
			{ booked: false, reason: expect.stringContaining('is busy') },
		]);
	});

	it('keeps one event per order however often it runs', async () => {
		const output = await run('upsert-an-order');
		expect(output('Create or update')).toMatchObject([{ action: 'created', key: 'ORDER-4711' }]);
		expect(output('Repeat without changes')).toMatchObject([
			{ action: 'unchanged', id: output('Create or update')[0].id },
		]);
	});

	it('moves a shift and leaves its people unchanged', async () => {
		const output = await run('upsert-a-shift');
		expect(output('Move the shift')).toMatchObject([
			{ action: 'updated', addedAttendees: [], removedAttendees: [], id: output('Plan the shift')[0].id },
		]);
	});

	it('syncs attendees with a list and changes nothing the second time', async () => {
		const output = await run('attendees-match-a-list');
		expect(output('Sync with the list')).toMatchObject([{ added: [expect.any(String)], removed: [] }]);
		expect(output('Repeat without changes')).toMatchObject([{ added: [], removed: [], unchanged: 2 }]);
	});

	it('previews attendee changes without making them', async () => {
		const output = await run('attendees-dry-run');
		expect(output('Preview the changes')).toMatchObject([{ preview: true }]);
	});

	it('adds an invitation to the calendar', async () => {
		const output = await run('invitation-to-calendar');
		expect(output('Create the event')).toMatchObject([
			{ summary: 'Customer visit', location: 'Hall 2', start: expect.stringContaining('T14:00:00+08:00') },
		]);
	});

	it('exports a meeting as a file', async () => {
		const output = await run('meeting-as-file');
		expect(output('Export the file')).toMatchObject([{ fileName: 'meeting.ics', events: 1 }]);
	});
});

describe('an example workflow from the recipes', () => {
	const idsOf = (items: Array<Record<string, unknown>>): unknown[] => items.map(({ id }) => id);

	it('invites a new colleague to three sessions with different hosts, but only once', async () => {
		const sessions = (await run('onboarding-series'))('Create the sessions');
		expect(sessions.map(({ summary, organizer }) => `${String(summary)}, ${String(organizer).split(' <')[0]}`)).toEqual(
			[
				'Onboarding: Welcome, 陈志远',
				'Onboarding: Tools and accounts, 林晓彤',
				'Onboarding: Lunch with the team, 陈志远',
			],
		);
		expect(sessions.map(({ attendees }) => attendees)).toEqual(Array(3).fill(expect.stringContaining('王建国')));
		const again = (await run('onboarding-series', undefined, { executionId: 'another' }))('Create the sessions');
		expect(idsOf(again)).toEqual(idsOf(sessions));
	});

	it('creates the shifts of a plan and changes nothing when it runs again', async () => {
		const shifts = (await run('shift-plan'))('Create or update the shifts');
		expect(shifts.map(({ action, key }) => `${String(action)} ${String(key)}`)).toEqual([
			'created shift-mon-early',
			'created shift-mon-late',
			'created shift-mon-night',
		]);
		const again = (await run('shift-plan'))('Create or update the shifts');
		expect(again.map(({ action }) => action)).toEqual(['unchanged', 'unchanged', 'unchanged']);
		expect(idsOf(again)).toEqual(idsOf(shifts));
	});

	it('books a room for the person who fills in the form or explains why not', async () => {
		const tried = await run('room-booking-bot', 'When clicking Execute');
		expect(tried('Book the meeting')).toMatchObject([{ booked: true, room: { name: '龙井' }, meteredCalls: 6 }]);
		expect(tried('Reply')[0].answer).toMatch(/^Booked: Budget review, 龙井, .*14:30$/);
		const [request] = tried('Sample request');
		const asked = {
			...request,
			'Your name or mobile number': '林晓彤',
			'Who else': '',
			submittedAt: '2026-03-02T09:00:00',
			formMode: 'production',
		};
		const form = await run('room-booking-bot', 'On form submission', {
			pinData: { 'On form submission': [{ json: asked }] },
		});
		expect(form('Reply')).toEqual([{ answer: expect.stringMatching(/^Not booked: .*is busy/) }]);
	});

	it('adds entries from another system and sends back only events created in DingTalk', async () => {
		const clock = StreamClock.install();
		const [anna] = desk().people.filter(({ mobile }) => mobile === '13857130207');
		const created = (await run('two-way-sync', 'When clicking Execute'))('Create or update in DingTalk');
		expect(created).toMatchObject([{ action: 'created', key: 'CRM-17' }]);
		const sent = async (make: () => unknown) => {
			const running = run('two-way-sync', 'A meeting changed in DingTalk');
			await until(() => connections(desk()).length > 0);
			make();
			const output = await running;
			await untilClosed(desk(), clock);
			return output('Entry for the other system');
		};
		expect(await sent(() => plant(desk(), anna))).toMatchObject([
			{ title: 'Planted', cancelled: false, start: expect.stringContaining('T10:00') },
		]);
		expect(await sent(() => plant(desk(), anna, { description: 'From elsewhere\n[key: CRM-18]' }))).toEqual([]);
	});

	/** The recipes have a test of their own. */
	it('makes as many calls as docs/upsert.md states', async () => {
		for (const executionId of ['first', 'again']) {
			await desk().recorder.clear();
			await run('upsert-a-shift', undefined, { executionId });
			expect(await desk().recorder.meteredCalls()).toHaveLength(4);
		}
	});

	it.each([
		['preview-a-series', 'Preview the series', [2, 4, 2, 4, 2]],
		['preview-last-friday', 'Preview the meetings', [5, 5, 5, 5, 5]],
	])('shows the first dates and creates nothing (%s)', async (name, node, weekdays) => {
		const [{ preview, meteredCalls, requests }] = (await run(name))(node);
		const [{ occurrences }] = requests as Array<{ occurrences: Array<{ start: string }> }>;
		expect({ preview, meteredCalls }).toEqual({ preview: true, meteredCalls: 1 });
		expect(occurrences.map(({ start }) => new Date(start.slice(0, 10)).getUTCDay())).toEqual(weekdays);
		expect((await stateOf(desk())).events).toEqual([]);
	});
});
