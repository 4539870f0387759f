/** The node of this package. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { HOUR, WINDOW, type Place, type Workload } from '../workloads';
import { onFailure, type Plan } from './plan';

/** The person as an expression gives it, or as it stands in the field. */
const person = (value: string): INodeParameters => ({ __rl: true, mode: 'unionId', value });

/** As the fields ask for people; HTTP Request gets them as text as well, as JSON. */
const inWords = (people: string[]): string => people.join(', ');

export function ours(workload: Workload, { task }: Place): Plan {
	const [host] = task.people;
	const user = person(host ?? '');
	const forms: Record<Workload['kind'], { parameters: INodeParameters; items: IDataObject[] }> = {
		create: {
			parameters: {
				resource: 'event',
				operation: 'create',
				user: person('={{ $json.organizer }}'),
				summary: '={{ $json.title }}',
				...HOUR,
				...(task.mobiles.length > 0 ? { additionalFields: { attendees: '={{ $json.mobiles }}' } } : {}),
				// A run on the next day is another execution; the key says that the items are the same.
				...(workload.resume ? { runOptions: { idempotencyKey: '={{ $json.title }}' } } : {}),
			},
			items: task.rows,
		},
		list: { parameters: { resource: 'event', operation: 'getAll', user, ...WINDOW, returnAll: true }, items: [{}] },
		addAttendees: {
			parameters: {
				resource: 'attendee',
				operation: 'add',
				user,
				eventId: { __rl: true, mode: 'id', value: task.eventId },
				attendees: '={{ $json.people }}',
			},
			items: [{ people: inWords(task.people.slice(1)) }],
		},
		freeBusy: {
			parameters: { resource: 'freeBusy', operation: 'get', user, people: '={{ $json.people }}', ...WINDOW },
			items: [{ people: inWords(task.people) }],
		},
	};
	const { parameters, items } = forms[workload.kind];
	return {
		body: { items },
		steps: [
			{
				name: 'Do it',
				type: 'n8n-nodes-dingtalk-calendar.dingTalkCalendar',
				version: 1,
				calls: true,
				parameters,
				settings: onFailure(workload),
			},
		],
	};
}
