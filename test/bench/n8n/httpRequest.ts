/**
 * Does the job with n8n's own nodes, the way a workflow does it today: HTTP Request with the same credential, its batching and
 * its pagination, Split Out, and expressions.
 */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { HOUR, WINDOW, type Place, type Workload } from '../workloads';
import { CREDENTIAL, onFailure, splitOut, type Plan, type Step } from './plan';

const request = (method: string, url: string, more: INodeParameters = {}): INodeParameters => ({
	method,
	url,
	authentication: 'predefinedCredentialType',
	nodeCredentialType: CREDENTIAL,
	options: {},
	...more,
});

const json = (jsonBody: string): INodeParameters => ({
	sendBody: true,
	contentType: 'json',
	specifyBody: 'json',
	jsonBody,
});

/** No more than DingTalk allows, as its panel offers it. */
const batches = (callsPerSecond: number): INodeParameters => ({
	batching: { batch: { batchSize: callsPerSecond, batchInterval: 1000 } },
});

/** Once the people are known: the rows that came with the call of the webhook, which all items of this step would say again. */
const theRows: Step = {
	name: 'Rows that came',
	type: 'n8n-nodes-base.set',
	version: 3.4,
	parameters: { mode: 'raw', jsonOutput: "={{ { rows: $('Webhook').first().json.body.rows } }}", options: {} },
	settings: { executeOnce: true },
};

/** What a Code node would make of a list: parts of the size that one call takes. */
const portions = (people: string[], size: number): IDataObject[] =>
	Array.from({ length: Math.ceil(people.length / size) }, (_, i) => ({
		people: people.slice(i * size, (i + 1) * size),
	}));

export function httpRequest(workload: Workload, { url, task, callsPerSecond }: Place): Plan {
	const http = (name: string, parameters: INodeParameters): Step => ({
		name,
		type: 'n8n-nodes-base.httpRequest',
		version: 4.2,
		calls: true,
		parameters,
		settings: onFailure(workload),
	});
	const calendar = `${url}/v1.0/calendar/users/`;
	const host = `${calendar}${task.people[0]}`;
	const time = (dateTime: string): string => `{ dateTime: ${JSON.stringify(dateTime)}, timeZone: 'Asia/Shanghai' }`;
	const event = (more = ''): string =>
		`={{ JSON.stringify({ summary: $json.title, start: ${time(HOUR.start)}, end: ${time(HOUR.end)}${more} }) }}`;
	const createAt = `=${calendar}{{ $json.organizer }}/calendars/primary/events`;
	const invited =
		", attendees: $json.mobiles.map((mobile) => ({ id: $('People').all().find(({ json }) => json.result.mobile === mobile).json.result.unionid }))";
	const inBatches = { options: batches(callsPerSecond) };

	const plans: Record<Workload['kind'], Plan> = {
		create:
			task.mobiles.length > 0
				? {
						body: { items: task.mobiles.map((mobile) => ({ mobile })), rows: task.rows },
						steps: [
							http(
								'Find',
								request('POST', `${url}/topapi/v2/user/getbymobile`, {
									...json('={{ JSON.stringify({ mobile: $json.mobile }) }}'),
									...inBatches,
								}),
							),
							http(
								'People',
								request('POST', `${url}/topapi/v2/user/get`, {
									...json('={{ JSON.stringify({ userid: $json.result.userid }) }}'),
									...inBatches,
								}),
							),
							theRows,
							splitOut('Rows', 'rows'),
							http('Create', request('POST', createAt, { ...json(event(invited)), ...inBatches })),
						],
					}
				: {
						body: { items: task.rows },
						steps: [http('Create', request('POST', createAt, { ...json(event()), ...inBatches }))],
					},
		list: {
			body: { items: [{}] },
			steps: [
				http(
					'List',
					request('GET', `${host}/calendars/primary/eventsview`, {
						sendQuery: true,
						queryParameters: {
							parameters: Object.entries({ ...WINDOW, maxResults: '100' }).map(([name, value]) => ({ name, value })),
						},
						options: {
							pagination: {
								pagination: {
									paginationMode: 'updateAParameterInEachRequest',
									parameters: {
										parameters: [{ type: 'qs', name: 'nextToken', value: '={{ $response.body?.nextToken }}' }],
									},
									paginationCompleteWhen: 'other',
									completeExpression: '={{ !$response.body?.nextToken }}',
									requestInterval: 1000 / callsPerSecond,
								},
							},
						},
					}),
				),
				splitOut('Events', 'events'),
			],
		},
		addAttendees: {
			body: { items: portions(task.people.slice(1), 500) },
			steps: [
				http(
					'Add',
					request(
						'POST',
						`${host}/calendars/primary/events/${task.eventId}/attendees`,
						json('={{ JSON.stringify({ attendeesToAdd: $json.people.map((id) => ({ id, isOptional: false })) }) }}'),
					),
				),
			],
		},
		freeBusy: {
			body: { items: portions(task.people, 20) },
			steps: [
				http(
					'Ask',
					request(
						'POST',
						`${host}/querySchedule`,
						json(
							`={{ JSON.stringify({ userIds: $json.people, startTime: '${WINDOW.timeMin}', endTime: '${WINDOW.timeMax}' }) }}`,
						),
					),
				),
				splitOut('People', 'scheduleInformation'),
			],
		},
	};
	return plans[workload.kind];
}
