/** Holds that the Chinese package, as built, shows no English where the English one shows text. */
import { join } from 'node:path';

import { api } from '../../../lib/dingtalk/endpoints';
import type { explainRefusal as Explain } from '../../../lib/dingtalk/errors/catalog';
import { CODES } from '../../docs/errorsPage';
import { findEnglish, stringsIn } from './chineseTexts';

const HAN = /\p{Script=Han}/u;

describe('The Chinese package', () => {
	const load = <T extends object>(file: string): T =>
		jest.requireActual<T>(join(__dirname, '../../../dist-zh/dist', file));

	it.each(CODES)("explains DingTalk's code %s %s in Chinese", (status, code) => {
		const { explainRefusal } = load<{ explainRefusal: typeof Explain }>('lib/dingtalk/errors/catalog.js');
		const { message, details } = explainRefusal({ status, code, text: '', scopes: [] }, api.getEvent);
		for (const text of [message, details.advice]) expect(text).toMatch(HAN);
		expect(findEnglish(`${message} ${details.advice}`.replace(api.getEvent.action, ''))).toBeUndefined();
	});

	it.each([
		'nodes/DingTalkCalendar/DingTalkCalendar.node.js',
		'nodes/DingTalkCalendarTrigger/DingTalkCalendarTrigger.node.js',
		'nodes/DingTalkCalendarPollingTrigger/DingTalkCalendarPollingTrigger.node.js',
		'nodes/DingTalkCalendarWebhookTrigger/DingTalkCalendarWebhookTrigger.node.js',
		'credentials/DingTalkCalendarApi.credentials.js',
		'credentials/DingTalkCalendarCallbackApi.credentials.js',
	])('shows no English in %s', (file) => {
		const [Class] = Object.values(load<Record<string, new () => object>>(file));
		const shown = stringsIn(new Class()).filter((text) => !/^=|^file:|^https:/.test(text));
		expect(shown.some((text) => HAN.test(text))).toBe(true);
		expect(shown.filter((text) => findEnglish(text))).toEqual([]);
	});
});
