/** The switches for notifications about a change, which leave the decision to DingTalk unless the user makes it. */
import type { INodeProperties } from 'n8n-workflow';
import type { NotificationOptions } from '../../../../lib/dingtalk/events/attendees';
import type { Values } from '../../../../lib/n8n/ItemContext';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';

const DEFAULT = 'default';

/** A switch whose value without it is not documented, so its default is to send none. Workflows store `true` and `false`, too. */
export const undocumentedSwitch = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	default: DEFAULT,
	description,
	options: [
		{
			name: "DingTalk's Default",
			value: DEFAULT,
			description: 'Same as without this option. DingTalk does not document what it does.',
		},
		{ name: 'No', value: false },
		{ name: 'Yes', value: true },
	],
});

/** Undefined leaves the decision to DingTalk. */
export const readUndocumentedSwitch = (value: unknown, label: string): boolean | undefined =>
	value === undefined || value === DEFAULT ? undefined : readBoolean(value, label);

/** For operations that add attendees. */
export const notifyFields: INodeProperties[] = [
	undocumentedSwitch('Send Chat Card', 'sendChatCard', 'Whether the new attendees get a chat card'),
	undocumentedSwitch(
		'Send Push Notification',
		'sendPushNotification',
		'Whether the new attendees get a push notification',
	),
];

export function readNotify({ sendChatCard, sendPushNotification }: Values): NotificationOptions {
	const pushNotification = readUndocumentedSwitch(sendPushNotification, 'Send Push Notification');
	const chatNotification = readUndocumentedSwitch(sendChatCard, 'Send Chat Card');
	return {
		...(pushNotification !== undefined && { pushNotification }),
		...(chatNotification !== undefined && { chatNotification }),
	};
}
