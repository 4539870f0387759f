/** What tests in queue mode have in common: n8n's settings, and nodes by which a call of a webhook creates events, each of them once. */
import { freePort } from '../../tools/processes.mjs';

/** Both services are up. */
export const queueMode = async (redis, postgres) => ({
	DB_TYPE: 'postgresdb',
	DB_POSTGRESDB_HOST: '127.0.0.1',
	DB_POSTGRESDB_PORT: String(postgres.value),
	DB_POSTGRESDB_DATABASE: 'postgres',
	DB_POSTGRESDB_USER: 'postgres',
	EXECUTIONS_MODE: 'queue',
	QUEUE_BULL_REDIS_HOST: '127.0.0.1',
	QUEUE_BULL_REDIS_PORT: String(redis.value),
	N8N_PORT: String(await freePort()),
});

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
