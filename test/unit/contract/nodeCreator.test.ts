/** Checks that a search in n8n's node creator finds the nodes, with the search function of n8n's editor. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sublimeSearch } from '@n8n/utils/search/sublime-search';

import { DingTalkCalendar } from '../../../nodes/DingTalkCalendar/DingTalkCalendar.node';
import { DingTalkCalendarPollingTrigger } from '../../../nodes/DingTalkCalendarPollingTrigger/DingTalkCalendarPollingTrigger.node';
import { DingTalkCalendarTrigger } from '../../../nodes/DingTalkCalendarTrigger/DingTalkCalendarTrigger.node';
import { DingTalkCalendarWebhookTrigger } from '../../../nodes/DingTalkCalendarWebhookTrigger/DingTalkCalendarWebhookTrigger.node';

const nodes = [
	new DingTalkCalendar(),
	new DingTalkCalendarTrigger(),
	new DingTalkCalendarPollingTrigger(),
	new DingTalkCalendarWebhookTrigger(),
].map(({ description: { displayName, name } }) => {
	const folder = name.replace(/^d/, 'D');
	const codex = readFileSync(join(__dirname, '../../../nodes', folder, `${folder}.node.json`), 'utf8');
	return { properties: { displayName, codex: JSON.parse(codex) as { alias: string[] } } };
});

/** The editor removes the word trigger from the search text. */
const find = (text: string): string[] =>
	sublimeSearch(text.toLowerCase().replace('trigger', '').trimEnd(), nodes).map(
		({ item }) => item.properties.displayName,
	);

describe('A search in the node creator', () => {
	it.each([
		'meeting room',
		'room',
		'free busy',
		'free/busy',
		'availability',
		'check-in',
		'check in',
		'agenda',
		'ics',
		'会议室',
		'忙闲',
		'签到',
	])('for %s finds the action node first', (text) => expect(find(text)[0]).toBe('DingTalk Calendar'));

	it.each(['dingtalk', 'dingding', '钉钉', '日程', '日历', '会议', 'meeting', 'event', 'rsvp', '参与人'])(
		'for %s finds the action node and all triggers',
		(text) => expect(find(text)).toHaveLength(nodes.length),
	);

	it('for an unrelated word finds no node', () => expect(find('invoice')).toEqual([]));
});
