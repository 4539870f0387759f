/** The Reminders field. If nothing is sent, DingTalk uses its default; an empty list means no reminder. */
import type { INodeProperties } from 'n8n-workflow';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import { InputError } from '../../../../lib/n8n/InputError';
import { readChoice, readList, readWholeNumber } from '../../../../lib/n8n/fields/primitives';
import { t } from '../../../../lib/locale/t';

const MODES = ['default', 'none', 'custom'] as const;

/** DingTalk documents no longest time. */
const MINUTES = { from: 0 };

export interface ApiReminder {
	method: 'dingtalk';
	minutes: number;
}

export const remindersField: INodeProperties = {
	displayName: 'Reminders',
	name: 'reminders',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Set Reminders',
	options: [
		{
			displayName: 'Setting',
			name: 'setting',
			values: [
				{
					displayName: 'Remind',
					name: 'mode',
					type: 'options',
					default: 'custom',
					options: [
						{ name: 'At the Times Below', value: 'custom' },
						{
							name: "DingTalk's Default",
							value: 'default',
							description: '15 minutes before; for an all-day event at 9:00 on the day before',
						},
						{ name: 'Never', value: 'none' },
					],
				},
				{
					displayName: 'Minutes Before',
					name: 'minutes',
					type: 'string',
					default: '15',
					placeholder: 'e.g. 15, 60',
					description: 'One or more numbers, separated by commas. 0 reminds at the start of the event.',
					displayOptions: { show: { mode: ['custom'] } },
				},
			],
		},
	],
};

/** To read them first would cost one metered call for each update of another field. */
export const replacedReminders: INodeProperties = {
	...remindersField,
	description:
		'Replaces all reminders of an existing event. DingTalk does not document whether an update without this field keeps them or sets its default; add it to be sure.',
};

/** DingTalk's documented defaults: 15 minutes before, for an all-day event at nine on the day before. */
export const defaultReminders = (isAllDay: boolean): ApiReminder[] => [
	{ method: 'dingtalk', minutes: isAllDay ? 15 * 60 : 15 },
];

/** Whether the field asks for DingTalk's own reminders. */
export const asksForDefaultReminders = (value: unknown): boolean =>
	isObject(value) && isObject(value.setting) && value.setting.mode === 'default';

/** Undefined if nothing is sent. `asDefault` is sent for the default, and differs between new and existing events. */
export function readReminders(value: unknown, asDefault?: ApiReminder[]): ApiReminder[] | undefined {
	const setting = isObject(value) && isObject(value.setting) ? value.setting : undefined;
	if (!setting) return undefined;
	const mode = readChoice(setting.mode ?? 'custom', 'Remind', MODES);
	if (mode === 'default') return asDefault;
	if (mode === 'none') return [];
	const minutes = readList(setting.minutes).map((one) => readWholeNumber(one, 'Minutes Before', MINUTES));
	if (minutes.length === 0) {
		throw new InputError('Minutes Before', t`is empty`, t`Enter a number such as 15, or set 'Remind' to Never.`);
	}
	return [...new Set(minutes)].map((one) => ({ method: 'dingtalk', minutes: one }));
}
