/** The nodes that both workflows of the test in queue mode have: a call of a webhook creates events, each of them once. */

export const webhookNode = (path) => ({
	id: 'w1',
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	position: [0, 0],
	webhookId: path,
	parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
});

/** `entry` is the expression of what has the number and the organizer; `title` begins the title of each event. */
export const createNode = (credential, { entry, title }) => ({
	id: 'd1',
	name: 'Create the event',
	type: 'n8n-nodes-dingtalk-calendar.dingTalkCalendar',
	typeVersion: 1,
	position: [400, 0],
	parameters: {
		resource: 'event',
		operation: 'create',
		user: { __rl: true, mode: 'unionId', value: `={{ ${entry}.organizer }}` },
		summary: `=${title} {{ ${entry}.number }}`,
		start: '2026-03-02T10:00:00',
		end: '2026-03-02T11:00:00',
		// Whichever process runs the execution, and however often: each number makes one event.
		runOptions: { idempotencyKey: `=${title.toLowerCase()} {{ ${entry}.number }}` },
	},
	credentials: { dingTalkCalendarApi: credential },
});

export const settings = { executionOrder: 'v1', timezone: 'Asia/Shanghai' };
