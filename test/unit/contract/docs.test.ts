/** Checks that the documentation agrees with the code: pages, links, figures and labels. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorOf } from '../../docs/anchor';
import { SWITCH_EVIDENCE } from '../../docs/evidenceData';
import { operationsTable } from '../../docs/operationsTable';
import { formatPages } from '../../docs/formatPages';
import { pages } from '../../docs/pages';
import { QUESTIONS } from '../../live/probe/questions';
import { defaultSwitches, type Switches } from '../../simulator/switches';
import { resources } from '../../../nodes/DingTalkCalendar/resources';
import { DingTalkCalendarPollingTrigger } from '../../../nodes/DingTalkCalendarPollingTrigger/DingTalkCalendarPollingTrigger.node';
import { DingTalkCalendarTrigger } from '../../../nodes/DingTalkCalendarTrigger/DingTalkCalendarTrigger.node';
import { DingTalkCalendarWebhookTrigger } from '../../../nodes/DingTalkCalendarWebhookTrigger/DingTalkCalendarWebhookTrigger.node';

const root = join(__dirname, '../../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const CHINESE_GUIDE = 'locales/zh-CN/README.md';
const chinese = JSON.parse(read('locales/zh-CN.json')) as Record<string, string>;

const written = [
	...readdirSync(root).filter((name) => name.endsWith('.md')),
	...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.md'))
		.map((name) => join('docs', name)),
];

const anchorsOf = (text: string): string[] =>
	[...text.matchAll(/^#+ (.+)$/gm)].map(([, headline]) => anchorOf(headline));

/** The cells of a table's row, by its first cell. */
const rowOf = (text: string, first: string): string[] =>
	text
		.split('\n')
		.map((line) =>
			line
				.split('|')
				.slice(1, -1)
				.map((cell) => cell.trim()),
		)
		.find((cells) => cells[0] === first) ?? [];

/** Addresses outside are left alone: a test must not depend on them. */
const linksOf = (text: string): string[] =>
	[...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target).filter((target) => !/^[a-z]+:/.test(target));

function isThere(page: string, link: string): boolean {
	const [path, anchor] = link.split('#');
	const file = path === '' ? page : join(dirname(page), decodeURI(path));
	if (!existsSync(join(root, file))) return false;
	return anchor === undefined || anchorsOf(read(file)).includes(decodeURI(anchor));
}

/** Evidence that speaks for another position than the default asks for a reason. */
const isExplained = (name: keyof Switches): boolean => {
	const { evidence, pointsTo, because } = SWITCH_EVIDENCE[name];
	if (evidence === undefined) return pointsTo === undefined && because === undefined;
	return pointsTo === 'both ways' || (pointsTo === defaultSwitches()[name]) === (because === undefined);
};

/** The calls of DingTalk's own overview of the calendar, under `/v1.0/calendar/users/{userId}`. */
const OVERVIEW = [
	'POST /calendars/{calendarId}/events',
	'PUT /calendars/{calendarId}/events/{eventId}',
	'DELETE /calendars/{calendarId}/events/{eventId}',
	'GET /calendars/{calendarId}/events/{eventId}',
	'GET /calendars/{calendarId}/events',
	'GET /calendars/{calendarId}/eventsview',
	'POST /calendars/{calendarId}/events/{eventId}/attendees',
	'POST /calendars/{calendarId}/events/{eventId}/attendees/batchRemove',
	'POST /calendars/{calendarId}/events/{eventId}/respond',
	'GET /calendars/{calendarId}/events/{eventId}/attendees',
	'POST /querySchedule',
	'GET /calendars',
	'POST /calendars/{calendarId}/subscribe',
	'POST /calendars/{calendarId}/unsubscribe',
	'POST /subscribedCalendars',
	'GET /subscribedCalendars/{calendarId}',
	'PUT /subscribedCalendars/{calendarId}',
	'DELETE /subscribedCalendars/{calendarId}',
	'POST /calendars/{calendarId}/acls',
	'DELETE /calendars/{calendarId}/acls/{aclId}',
	'GET /calendars/{calendarId}/acls',
	'GET /calendars/{calendarId}/events/{eventId}/signin',
	'GET /calendars/{calendarId}/events/{eventId}/signOut',
	'POST /calendars/{calendarId}/events/{eventId}/signin',
	'POST /calendars/{calendarId}/events/{eventId}/signOut',
	'GET /calendars/{calendarId}/events/{eventId}/signInLinks',
	'GET /calendars/{calendarId}/events/{eventId}/signOutLinks',
	'POST /meetingRooms/schedules/query',
	'POST /calendars/{calendarId}/events/{eventId}/meetingRooms',
	'POST /calendars/{calendarId}/events/{eventId}/meetingRooms/batchRemove',
];

describe('The documentation', () => {
	it('has up-to-date generated pages (run npm run docs)', () => {
		const expected = formatPages(pages());
		expect(expected.size).toBeGreaterThan(10);
		for (const [path, text] of expected) expect({ path, text: read(path) }).toEqual({ path, text });
	});

	it('has no page of a removed resource', () => {
		const written = readdirSync(join(root, 'docs/resources')).map((name) => `docs/resources/${name}`);
		expect(written.filter((path) => !pages().has(path))).toEqual([]);
	});

	it.each(OVERVIEW)("lists DingTalk's call %s in the table", (call) => {
		const [method, path] = call.split(' ');
		expect(operationsTable()).toContain(`\`${method} /v1.0/calendar/users/{userId}${path}\``);
	});

	it('names each operation in the README', () => {
		const readme = read('README.md');
		for (const { name, operations } of resources) {
			expect(rowOf(readme, `**${name}**`)[1]).toBe(operations.map((operation) => operation.name).join(', '));
		}
	});

	it.each([
		['README.md', /(\d+) operations cover/],
		['docs/project/decisions/editor.md', /the third of (\d+) actions/],
	])('states in %s how many operations there are', (page, sentence) => {
		const [, stated] = sentence.exec(read(page).replace(/\s+/g, ' ')) ?? [];
		expect(Number(stated)).toBe(resources.flatMap(({ operations }) => operations).length);
	});

	it('names each operation and trigger in the Chinese guide', () => {
		const guide = read(CHINESE_GUIDE);
		for (const { name, operations } of resources) {
			expect(rowOf(guide, chinese[name])[1]).toBe(operations.map((operation) => chinese[operation.name]).join('、'));
		}
		const triggers = [
			new DingTalkCalendarTrigger(),
			new DingTalkCalendarWebhookTrigger(),
			new DingTalkCalendarPollingTrigger(),
		];
		for (const { description } of triggers) expect(guide).toContain(`| ${chinese[description.displayName]}`);
	});

	it.each(written)('links in %s only to existing files and headings', (page) => {
		expect(linksOf(read(page)).filter((link) => !isThere(page, link))).toEqual([]);
	});

	it.each(['docs/troubleshooting.md', CHINESE_GUIDE])('quotes in %s only messages that the code has', (page) => {
		const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => read(join('lib', name)))
			.concat(Object.values(chinese))
			.join('\n');
		const rows = read(page).split('\n');
		const head = rows.findIndex((row) => /^\| (Message|报错) /.test(row));
		const end = rows.findIndex((row, index) => index > head && !row.startsWith('|'));
		const messages = rows.slice(head + 2, end).map((row) => row.split('|')[1].replace('…', '').trim());
		expect(messages.length).toBeGreaterThan(5);
		expect(messages.filter((message) => !sources.includes(message))).toEqual([]);
	});

	it('explains each code that the catalog of errors names', () => {
		const catalog = read('lib/dingtalk/errors/catalog.ts');
		const named = [...catalog.matchAll(/codeIs\(([^)]*)\)/g)].flatMap(([, list]) =>
			[...list.matchAll(/'([^']+)'/g)].map(([, code]) => code),
		);
		expect(named.length).toBeGreaterThan(30);
		const page = read('docs/errors.md');
		expect(named.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
	});

	it('names the operations with a write that takes no request key, and no other', () => {
		const keyless = resources.map(({ name, operations }) => {
			const found = operations.filter(({ calls }) => calls.some((call) => !call.isRead && !call.isIdempotent));
			return found.length > 0 ? `${name}: ${found.map((operation) => operation.name).join(', ')}` : '';
		});
		const list = keyless.filter((part) => part !== '').join('; ');
		expect(read('docs/limits.md').replace(/\s+/g, ' ')).toContain(`after a lost answer: ${list}.`);
	});

	it('mentions each example', () => {
		const text = written.map(read).join('\n');
		const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.json'));
		expect(examples.filter((name) => !text.includes(`examples/${name}`))).toEqual([]);
	});
});

/** Tables without the spaces that line up their columns. */
const evidenceRows = (): string[] => read('docs/project/evidence.md').replace(/ +\|/g, ' |').split('\n');

describe('The page on evidence', () => {
	const names = Object.keys(defaultSwitches()) as Array<keyof Switches>;

	it.each(names)('says for %s which way the evidence points, and why the simulator does not follow it', (name) => {
		expect(isExplained(name)).toBe(true);
		const { because } = SWITCH_EVIDENCE[name];
		const row = evidenceRows().find((line) => line.includes(`| \`${name}\` |`));
		expect(row).toContain(`| \`${String(defaultSwitches()[name])}\` |`);
		expect(row?.includes('Assumed otherwise')).toBe(because !== undefined);
	});

	it('marks each question that the probe asks', () => {
		const marked = evidenceRows().filter((line) => line.endsWith('| yes |'));
		// The lifetime of a sync token is asked on two days.
		expect(marked).toHaveLength(QUESTIONS.length + 1);
	});

	it.each(['flowLimit', 'aclDenied', 'block an IP address', 'ID of one date', 'Stream message pushed again'])(
		'has a row for %s',
		(text) => expect(read('docs/project/evidence.md')).toMatch(new RegExp(text)),
	);
});
