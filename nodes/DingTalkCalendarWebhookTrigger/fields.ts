/** The fields of the webhook trigger, and its options. */
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
import { t } from '../../lib/locale/t';

/** How often the list of failed pushes is read. Each time uses one metered call, and one more per 200 changes in the list. */
export const SCHEDULES = ['hourly', 'every6Hours', 'daily', 'activation'] as const;
export type Schedule = (typeof SCHEDULES)[number];

export const webhookProperties: INodeProperties[] = [
	// n8n shows a notice as one paragraph, even if it contains line breaks.
	{
		displayName:
			'First, copy the <b>production URL</b> above. It must be reachable from the internet over HTTPS. Second, <b>publish</b> this workflow (older editors call it Activate): DingTalk checks the URL when you save it. Third, open your app in the DingTalk developer console, choose <b>Event Subscription</b> and <b>HTTP push</b>, paste the URL, save, and select <b>Calendar Event Change</b> (calendar_event_change).',
		name: 'addressNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName:
			'DingTalk saves <b>one URL per app</b>, so either the test URL or the production URL. To build the workflow with real data, open a past execution and choose <b>Copy to editor</b>. To listen for a test event, save the test URL in the developer console while n8n is listening, and the production URL afterwards. Changes made in between do not reach the active workflow.',
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
				default: 'never',
				description:
					'When to ask DingTalk for changes that it could not deliver, for example because n8n was down. DingTalk makes three attempts within a minute and lists the change some minutes later. Requires the DingTalk Calendar API credential. Each time uses one call of your monthly quota, and one more per 200 changes in the list.',
				options: [
					{ name: 'Every 6 Hours', value: 'every6Hours', description: 'About 124 calls of your monthly quota' },
					{ name: 'Every Day', value: 'daily', description: 'About 31 calls of your monthly quota' },
					{ name: 'Every Hour', value: 'hourly', description: 'About 744 calls of your monthly quota' },
					{ name: 'Never', value: 'never', description: 'Undelivered changes are lost' },
					{
						name: 'When Activated',
						value: 'activation',
						description: 'One call when the workflow is activated or n8n starts',
					},
				],
			},
		],
	},
];

export function readSchedule(item: Item): Schedule | undefined {
	const { recoverMissed } = item.collection('options');
	const choice = readChoice(recoverMissed ?? 'never', 'Recover Missed Changes', ['never', ...SCHEDULES]);
	return choice === 'never' ? undefined : choice;
}

/** Throws for fields that need access to DingTalk's API if only the callback credential is set. */
export function rejectMissingApiCredential(item: Item): void {
	const needs: Array<[string, boolean]> = [
		['People to Watch', [item.value('people') ?? []].flat().some((one) => one !== '')],
		['Fetch Event Details', readFetchDetails(item)],
		['Recover Missed Changes', readSchedule(item) !== undefined],
	];
	const [label] = needs.find(([, needed]) => needed) ?? [];
	if (label === undefined) return;
	throw new InputError(
		label,
		t`needs the credential 'DingTalk Calendar API', which is not set`,
		t`Select one in the node, or leave 'People to Watch' empty, turn off 'Fetch Event Details' and set 'Recover Missed Changes' to Never.`,
	);
}
