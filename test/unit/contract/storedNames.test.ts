/** Holds that no field, value or mode that a workflow may have stored is taken away. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeProperties } from 'n8n-workflow';
import { DingTalkCalendarApi } from '../../../credentials/DingTalkCalendarApi.credentials';
import { DingTalkCalendarCallbackApi } from '../../../credentials/DingTalkCalendarCallbackApi.credentials';
import { DingTalkCalendar } from '../../../nodes/DingTalkCalendar/DingTalkCalendar.node';
import { DingTalkCalendarPollingTrigger } from '../../../nodes/DingTalkCalendarPollingTrigger/DingTalkCalendarPollingTrigger.node';
import { DingTalkCalendarTrigger } from '../../../nodes/DingTalkCalendarTrigger/DingTalkCalendarTrigger.node';
import { DingTalkCalendarWebhookTrigger } from '../../../nodes/DingTalkCalendarWebhookTrigger/DingTalkCalendarWebhookTrigger.node';
import { storedNames } from './storedNames';

/** Every name of this version and of those before it, one a line; a new one is added here by hand. */
const listed = readFileSync(join(__dirname, 'storedNames.txt'), 'utf8').trim().split('\n');

/** Modes that have another name today. What they stored is still read: test/engine/oldWorkflows.test.ts. */
const isRenamedMode = (line: string): boolean => /\.(departments|timeZone|theirZone) @id$/.test(line);

const owners: Array<{ name: string; properties: INodeProperties[] }> = [
	...[
		new DingTalkCalendar(),
		new DingTalkCalendarTrigger(),
		new DingTalkCalendarPollingTrigger(),
		new DingTalkCalendarWebhookTrigger(),
	].map(({ description }) => description),
	new DingTalkCalendarApi(),
	new DingTalkCalendarCallbackApi(),
];
const today = owners.flatMap(({ name, properties }) => storedNames(name, properties));

describe('What workflows have stored', () => {
	it('has its field, value or mode in this version too', () => {
		expect(listed.length).toBeGreaterThan(700);
		const known = new Set(today);
		expect(listed.filter((line) => !known.has(line) && !isRenamedMode(line))).toEqual([]);
	});

	it('is listed in storedNames.txt, from the version that brings it on', () => {
		const known = new Set(listed);
		expect(today.filter((line) => !known.has(line))).toEqual([]);
	});
});
