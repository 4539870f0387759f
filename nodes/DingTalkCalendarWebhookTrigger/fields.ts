/** What the webhook trigger asks beyond what every trigger asks. */
import type { INodeProperties } from 'n8n-workflow';
import { InputError } from '../../lib/n8n/InputError';
import { readChoice } from '../../lib/n8n/fields/primitives';
import type { Item } from '../../lib/n8n/ItemContext';
import {
	detailsProperties,
	PUSHED_KINDS,
	readFetchDetails,
	triggerOnField,
	watchedPeopleField,
} from '../../lib/n8n/triggers/fields';

/** How often the list of failed pushes is read; each time is one call of the quota, or one for each 200 changes in it. */
export const SCHEDULES = ['hourly', 'every6Hours', 'daily', 'activation'] as const;
export type Schedule = (typeof SCHEDULES)[number];

export const webhookProperties: INodeProperties[] = [
	// n8n shows a notice as one paragraph, whatever breaks it has.
	{
		displayName:
			'First, copy the <b>production URL</b> above; it must be reachable from the internet by HTTPS. Second, <b>activate</b> this workflow: DingTalk checks the address when you save it. Third, in the DingTalk developer console open your app, choose <b>Event Subscription</b>, then <b>HTTP push</b>, paste the URL, save, and tick <b>Calendar event changed</b> (calendar_event_change).',
		name: 'addressNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName:
			'DingTalk knows <b>one address for each app</b>: the test URL or the production URL. To build the workflow with real data, open a past execution and choose <b>Copy to editor</b>. To listen for a test event, enter the test URL in the console while n8n listens, and the production URL again afterwards; what changes in between does not reach the active workflow.',
		name: 'testNotice',
		type: 'notice',
		default: '',
	},
	triggerOnField(PUSHED_KINDS, ['cancelled', 'created', 'left', 'updated']),
	watchedPeopleField,
	...detailsProperties,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Recover Missed Changes',
				name: 'recoverMissed',
				type: 'options',
				default: 'hourly',
				description:
					'When to ask DingTalk for changes that it could not deliver, for example while n8n was down. DingTalk tries three times within a minute and lists the change some minutes later. Needs the credential DingTalk Calendar API. Each time is one call of your monthly quota, and one more for each 200 changes in the list.',
				options: [
					{ name: 'Every 6 Hours', value: 'every6Hours', description: 'About 124 calls of your quota a month' },
					{ name: 'Every Day', value: 'daily', description: 'About 31 calls of your quota a month' },
					{ name: 'Every Hour', value: 'hourly', description: 'About 744 calls of your quota a month' },
					{
						name: 'When Activated',
						value: 'activation',
						description: 'One call when the workflow is activated and when n8n starts',
					},
				],
			},
		],
	},
];

export function readSchedule(item: Item): Schedule | undefined {
	const { recoverMissed } = item.collection('options');
	return recoverMissed === undefined
		? undefined
		: (readChoice(recoverMissed, 'Recover Missed Changes', [...SCHEDULES]) as Schedule);
}

/** What cannot be done with the keys of the callback alone. */
export function refuseWithoutApi(item: Item): void {
	const needs: Array<[string, boolean]> = [
		['People to Watch', [item.value('people') ?? []].flat().some((one) => one !== '')],
		['Fetch Event Details', readFetchDetails(item)],
		['Recover Missed Changes', readSchedule(item) !== undefined],
	];
	const [label] = needs.find(([, needed]) => needed) ?? [];
	if (label === undefined) return;
	throw new InputError(
		label,
		"needs the credential 'DingTalk Calendar API', which is not chosen",
		"Choose one in the node, or leave 'People to Watch' empty, turn 'Fetch Event Details' off and remove 'Recover Missed Changes'.",
	);
}
