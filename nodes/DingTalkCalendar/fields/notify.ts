/** Who is told about a change, and how. Nothing is said where the user added no switch. */
import type { Notify } from '../../dingtalk/attendees';
import type { Values } from '../runner/item';
import { readBoolean } from './text';

export function readNotify({ sendChatCard, sendPushNotification }: Values): Notify {
	const notify: Notify = {};
	if (sendPushNotification !== undefined) {
		notify.pushNotification = readBoolean(sendPushNotification, 'Send Push Notification');
	}
	if (sendChatCard !== undefined) notify.chatNotification = readBoolean(sendChatCard, 'Send Chat Card');
	return notify;
}
