/** The node of this package on n8n's engine. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { Engine, errorOf, outputOf, TESTED_NODE } from '../../engine/harness';
import { HOUR, WINDOW } from '../workloads';
import type { Side } from './side';

let started: Promise<Engine> | undefined;

export const ours: Side = async ({ url, workload, task, callsPerSecond }) => {
	const engine = await (started ??= Engine.start());
	const credential = engine.addCredential({
		type: 'dingTalkCalendarApi',
		data: { region: 'custom', baseUrl: url, clientId: 'sim-internal', clientSecret: 'sim-secret', callsPerSecond },
	});
	const user = '={{ $json.organizer }}';
	const host = task.people[0];
	const forms: Record<typeof workload.kind, { parameters: INodeParameters; items: IDataObject[] }> = {
		create: {
			parameters: {
				resource: 'event',
				operation: 'create',
				user,
				summary: '={{ $json.title }}',
				...HOUR,
				...(task.mobiles.length > 0 ? { additionalFields: { attendees: '={{ $json.mobiles }}' } } : {}),
				// A run on the next day is another execution; the key says that the items are the same.
				...(workload.resume ? { runOptions: { idempotencyKey: '={{ $json.title }}' } } : {}),
			},
			items: task.rows,
		},
		list: { parameters: { resource: 'event', operation: 'getAll', user: host, ...WINDOW, returnAll: true }, items: [{}] },
		addAttendees: {
			parameters: { resource: 'attendee', operation: 'add', user: host, eventId: task.eventId, attendees: '={{ $json.people }}' },
			items: [{ people: task.people.slice(1) }],
		},
		freeBusy: { parameters: { resource: 'freeBusy', operation: 'get', user: host, people: '={{ $json.people }}', ...WINDOW }, items: [{ people: task.people }] },
	};
	const { parameters, items } = forms[workload.kind];
	return async () => {
		const run = await engine.runNode({
			parameters,
			items,
			credential,
			timezone: 'Asia/Shanghai',
			...(workload.nodeRetry ? { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 } : { onError: 'continueRegularOutput' }),
		});
		const error = errorOf(run);
		if (error) return { failed: workload.items };
		const output = outputOf(run, TESTED_NODE);
		return { failed: output.filter((item) => 'error' in item).length, read: output.map(({ id }) => String(id)) };
	};
};
