/** Tests exporting and reading iCalendar files on the n8n engine. */
import type { IDataObject } from 'n8n-workflow';

import { readCalendarText } from '../unit/icalendar/support';
import { errorOf, hintsOf, itemsOf, TESTED_NODE } from './harness';
import { callsOf, guestsOf, hour, plant, remembered } from './support/events';
import { readWorkflow, useDesk } from './support/setup';

const desk = useDesk();

const contentOf = (binary: { data: string } | undefined): string =>
	Buffer.from(binary?.data ?? '', 'base64').toString('utf8');

const INVITATION = [
	'BEGIN:VCALENDAR',
	'METHOD:REQUEST',
	'BEGIN:VEVENT',
	'UID:1@example.com',
	'SUMMARY:Visit',
	'DTSTART;TZID=China Standard Time:20260303T140000',
	'DTEND;TZID=China Standard Time:20260303T150000',
	'RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3',
	'ATTENDEE:mailto:GUEST',
	'END:VEVENT',
	'END:VCALENDAR',
].join('\r\n');

/** Runs a workflow on an item with a file. */
async function readFile(text: string, options: IDataObject = {}, field = 'attachment_0') {
	const json = readWorkflow('event.readIcs');
	const node = json.nodes.find(({ name }) => name === TESTED_NODE);
	Object.assign(node?.parameters ?? {}, { options });
	const [trigger] = json.nodes;
	const data = Buffer.from(text, 'utf8').toString('base64');
	const run = await desk().engine.runWorkflow(json, {
		credentials: [desk().credential],
		startNode: trigger.name,
		pinData: {
			[trigger.name]: [{ json: {}, binary: { [field]: { data, mimeType: 'text/calendar', fileName: 'invite.ics' } } }],
		},
	});
	return { run, items: itemsOf(run, TESTED_NODE).map(({ json: item }) => item) };
}

describe('exporting events as an iCalendar file', () => {
	it('returns one file for several events with one call each, using the given file name and field', async () => {
		const [host, anna] = desk().people;
		const ids = [3, 4].map((day) =>
			plant(desk(), host, { ...hour(day, 10), summary: `Meeting ${day}`, attendees: [{ id: anna.unionId }] }),
		);
		const { run, items } = await desk().runWorkflow('event.exportIcs', [
			{ person: host.unionId, events: ids.join(', ') },
		]);
		expect(errorOf(run)).toBeUndefined();
		expect(items).toEqual([{ fileName: 'Meetings.ics', events: 2, ids }]);
		expect((await callsOf(desk())).map(({ method }) => method)).toEqual(['GET', 'GET']);
		const [{ binary, pairedItem }] = itemsOf(run, TESTED_NODE);
		expect(pairedItem).toEqual({ item: 0 });
		expect(binary?.file).toMatchObject({ fileName: 'Meetings.ics', mimeType: 'text/calendar' });
		expect(readCalendarText(contentOf(binary?.file), 'Asia/Shanghai')).toMatchObject([
			{ summary: 'Meeting 3', start: '2026-03-03T02:00:00+00:00', reminders: [15], problems: [] },
			{ summary: 'Meeting 4' },
		]);
	});

	it('accepts the output of other operations unchanged', async () => {
		const [host] = desk().people;
		const id = plant(desk(), host);
		const parameters = { resource: 'event', operation: 'exportIcs', user: host.unionId, events: '={{ [$json] }}' };
		const { items } = await desk().runNode({ parameters, items: [{ id, summary: 'Planted' }] });
		expect(items).toMatchObject([{ events: 1, ids: [id] }]);
	});

	it('names an event that does not exist and rejects an empty list before any call', async () => {
		const [host] = desk().people;
		const run = async (events: string) =>
			await desk().runNode({ parameters: { resource: 'event', operation: 'exportIcs', user: host.unionId, events } });
		expect(errorOf((await run(' , ')).run)?.message).toContain("'Events' is empty");
		expect(await callsOf(desk())).toEqual([]);
		expect(errorOf((await run('nowhere')).run)?.message).toContain('There is no such event');
	});
});

describe('reading an iCalendar file', () => {
	it('returns fields that match those of Create, without any call', async () => {
		const [host, guest] = desk().people;
		const { run, items } = await readFile(INVITATION.replace('GUEST', guest.email));
		expect(errorOf(run)).toBeUndefined();
		expect(await callsOf(desk())).toEqual([]);
		expect(items).toMatchObject([
			{ uid: '1@example.com', method: 'request', fits: true, problems: [], summary: 'Visit' },
		]);
		expect(items[0].additionalFields).toMatchObject({ recurrence: { rule: { frequency: 'weekly' } } });
		const created = await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'create',
				user: host.unionId,
				summary: '={{ $json.summary }}',
				start: '={{ $json.start }}',
				end: '={{ $json.end }}',
				allDay: '={{ $json.allDay }}',
				additionalFields: {
					attendees: '={{ $json.additionalFields.attendees }}',
					timeZone: '={{ $json.additionalFields.timeZone }}',
					recurrence: {
						rule: Object.fromEntries(
							['frequency', 'interval', 'daysOfWeek', 'firstDayOfWeek', 'ends', 'occurrences'].map((field) => [
								field,
								`={{ $json.additionalFields.recurrence.rule.${field} }}`,
							]),
						),
					},
				},
			},
			items,
		});
		expect(errorOf(created.run)).toBeUndefined();
		const [event] = await remembered(desk());
		expect(event).toMatchObject({
			summary: 'Visit',
			start: { dateTime: '2026-03-03T14:00:00+08:00', timeZone: 'Asia/Shanghai' },
			recurrence: {
				pattern: { type: 'weekly', daysOfWeek: 'tuesday' },
				range: { type: 'numbered', numberOfOccurrences: 3 },
			},
		});
		expect(guestsOf(event)).toEqual([guest.unionId]);
	});

	it('returns that an event is shown as free, as Create takes it', async () => {
		const { items } = await readFile(INVITATION.replace('END:VEVENT', 'TRANSP:TRANSPARENT\r\nEND:VEVENT'));
		expect(items).toMatchObject([{ fits: true, additionalFields: { showAs: 'free' } }]);
		const { items: busy } = await readFile(INVITATION.replace('END:VEVENT', 'TRANSP:OPAQUE\r\nEND:VEVENT'));
		expect(busy[0].additionalFields).not.toHaveProperty('showAs');
	});

	it('says that a file of tasks only has no events', async () => {
		const tasks = INVITATION.replaceAll('VEVENT', 'VTODO');
		const { run, items } = await readFile(tasks);
		expect([errorOf(run), items]).toEqual([undefined, []]);
		expect(hintsOf(run, TESTED_NODE).map(({ message }) => message)).toContain(
			'The file contains no events. Tasks and other entries are not read.',
		);
		expect(hintsOf((await readFile(INVITATION)).run, TESTED_NODE)).toEqual([]);
	});

	it('reports, skips or rejects unsupported events, depending on the option', async () => {
		const cancelled = INVITATION.replace('REQUEST', 'CANCEL');
		expect((await readFile(cancelled)).items).toMatchObject([{ fits: false, problems: ['is cancelled'] }]);
		expect((await readFile(cancelled, { ifUnfit: 'leaveOut' })).items).toEqual([]);
		expect(errorOf((await readFile(cancelled, { ifUnfit: 'fail' })).run)?.message).toContain("'Visit' is cancelled");
	});

	it('lists the available files when the field does not exist, and rejects a file of another kind', async () => {
		const missing = errorOf((await readFile(INVITATION, {}, 'data')).run);
		expect(missing).toMatchObject({
			message: "'Input Binary Field' is not a file of this item: attachment_0 [Item 0]",
			description: 'Files of this item: data.',
		});
		expect(errorOf((await readFile('Hello')).run)?.message).toContain('is not a valid iCalendar file');
	});
	it("lets Create's own rules decide whether an event fits", async () => {
		const { items } = await readFile(INVITATION.replace('SUMMARY:Visit', `SUMMARY:${'x'.repeat(2049)}`));
		expect(items).toMatchObject([
			{ fits: false, problems: [expect.stringMatching(/^cannot be created: 'Title' .*2048/)] },
		]);
		expect((await readFile(INVITATION.replace('SUMMARY:Visit\r\n', ''))).items).toMatchObject([
			{ fits: false, problems: ["cannot be created: 'Title' is empty"] },
		]);
	});

	it('keeps rooms apart from the people', async () => {
		const room = 'ATTENDEE;CUTYPE=ROOM:mailto:room5@example.com\r\nATTENDEE:mailto:GUEST';
		const { items } = await readFile(INVITATION.replace('ATTENDEE:mailto:GUEST', room));
		expect(items).toMatchObject([
			{ fits: true, rooms: ['room5@example.com'], additionalFields: { attendees: 'GUEST' } },
		]);
	});

	it('refuses a file with more events than the limit, naming the option', async () => {
		const event = INVITATION.slice(INVITATION.indexOf('BEGIN:VEVENT'), INVITATION.indexOf('END:VCALENDAR'));
		const error = errorOf(
			(await readFile(INVITATION.replace('BEGIN:VEVENT', `${event}BEGIN:VEVENT`), { maxEvents: 1 })).run,
		);
		expect(error?.message).toContain('it contains 2 events, more than the limit of 1');
		expect(error?.description).toContain("'Event Limit'");
	});

	it('does not take a property of every object for a file', async () => {
		const json = readWorkflow('event.readIcs');
		const node = json.nodes.find(({ name }) => name === TESTED_NODE);
		Object.assign(node?.parameters ?? {}, { binaryField: 'constructor' });
		const run = await desk().engine.runWorkflow(json, {
			credentials: [desk().credential],
			startNode: json.nodes[0].name,
			pinData: { [json.nodes[0].name]: [{ json: {} }] },
		});
		expect(errorOf(run)?.message).toContain("'Input Binary Field' is not a file of this item: constructor");
	});

	it('refuses more than 10 MB before it reads any of it, in a file and in a text', async () => {
		const large = INVITATION.replace('Visit', 'x'.repeat(10 * 1024 * 1024));
		const parameters = { resource: 'event', operation: 'readIcs', source: 'text', icsText: large };
		const [fromFile, fromText] = [await readFile(large), await desk().runNode({ parameters })];
		expect(errorOf(fromFile.run)?.message).toContain("'Input Binary Field' has 10.0 MB, more than 10 MB");
		expect(errorOf(fromText.run)?.message).toContain("'Calendar Text' has 10.0 MB, more than 10 MB");
	});

	it('refuses components nested without end, which no calendar has', async () => {
		const nested = `BEGIN:VCALENDAR\r\n${'BEGIN:X\r\n'.repeat(100_000)}${'END:X\r\n'.repeat(100_000)}END:VCALENDAR`;
		const parameters = { resource: 'event', operation: 'readIcs', source: 'text', icsText: nested };
		const { run } = await desk().runNode({ parameters });
		expect(errorOf(run)?.message).toContain('it nests more than 50 components in one another');
	});
});
