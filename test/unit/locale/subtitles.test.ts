/** Checks the line below a node in the Chinese edition: it is an expression with words of its own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { DingTalkCalendar } from '../../../nodes/DingTalkCalendar/DingTalkCalendar.node';
import { resources } from '../../../nodes/DingTalkCalendar/resources';
import { DingTalkCalendarPollingTrigger } from '../../../nodes/DingTalkCalendarPollingTrigger/DingTalkCalendarPollingTrigger.node';
import { DingTalkCalendarTrigger } from '../../../nodes/DingTalkCalendarTrigger/DingTalkCalendarTrigger.node';

const catalogue = JSON.parse(readFileSync(join(__dirname, '../../../locales/zh-CN.json'), 'utf8')) as Record<
	string,
	string
>;

describe('The Chinese line below a node', () => {
	const shown = (parameters: IDataObject, text: string): unknown =>
		runInNewContext(catalogue[text].replace(/^=\{\{|\}\}$/g, ''), { $parameter: parameters });

	it('names each resource and operation as their lists do', () => {
		const { subtitle = '' } = new DingTalkCalendar().description;
		const all = resources.flatMap(({ name, value, operations }) => operations.map((one) => ({ name, value, one })));
		expect(all.map(({ value, one }) => shown({ resource: value, operation: one.value }, subtitle))).toEqual(
			all.map(({ name, one }) => `${catalogue[name]}：${catalogue[one.name]}`),
		);
	});

	it('names the kinds of changes as the lists of the triggers do, without 日程 in front', () => {
		for (const { description } of [new DingTalkCalendarTrigger(), new DingTalkCalendarPollingTrigger()]) {
			const field = description.properties.find(({ name }) => name === 'triggerOn');
			for (const { name, value } of field?.options as INodePropertyOptions[]) {
				// A poll cannot tell a cancelled event from one that it may no longer see; the line has no room to say so.
				const expected = value === 'cancelled' ? '已取消' : catalogue[name].replace(/^日程/, '');
				expect(shown({ triggerOn: [value] }, description.subtitle ?? '')).toBe(expected);
			}
		}
	});
});
