/** The switches for notifications about a change; DingTalk decides where the user added none. */
import type { INodeProperties } from 'n8n-workflow';
import type { NotificationOptions } from '../../../../lib/dingtalk/events/attendees';
import type { Values } from '../../../../lib/n8n/ItemContext';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';

/** For operations that add attendees. */
export const notifyFields: INodeProperties[] = [
	{
		displayName: 'Send Chat Card',
		name: 'sendChatCard',
		type: 'boolean',
		default: true,
		description: 'Whether the new attendees get a chat card',
	},
	{
		displayName: 'Send Push Notification',
		name: 'sendPushNotification',
		type: 'boolean',
		default: true,
		description: 'Whether the new attendees get a push notification',
	},
];

export function readNotify({ sendChatCard, sendPushNotification }: Values): NotificationOptions {
	const notify: NotificationOptions = {};
	if (sendPushNotification !== undefined) {
		notify.pushNotification = readBoolean(sendPushNotification, 'Send Push Notification');
	}
	if (sendChatCard !== undefined) notify.chatNotification = readBoolean(sendChatCard, 'Send Chat Card');
	return notify;
}
