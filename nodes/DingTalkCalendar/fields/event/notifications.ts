/** Who is told about a change, and how. Nothing is said where the user added no switch. */
import type { INodeProperties } from 'n8n-workflow';
import type { Notify } from '../../../../lib/dingtalk/events/attendees';
import type { Values } from '../../../../lib/n8n/ItemContext';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';

/** For operations that add people. */
export const notifyFields: INodeProperties[] = [
	{
		displayName: 'Send Chat Card',
		name: 'sendChatCard',
		type: 'boolean',
		default: true,
		description: 'Whether the new people get a card in the chat',
	},
	{
		displayName: 'Send Push Notification',
		name: 'sendPushNotification',
		type: 'boolean',
		default: true,
		description: 'Whether the new people get a notification',
	},
];

export function readNotify({ sendChatCard, sendPushNotification }: Values): Notify {
	const notify: Notify = {};
	if (sendPushNotification !== undefined) {
		notify.pushNotification = readBoolean(sendPushNotification, 'Send Push Notification');
	}
	if (sendChatCard !== undefined) notify.chatNotification = readBoolean(sendChatCard, 'Send Chat Card');
	return notify;
}
