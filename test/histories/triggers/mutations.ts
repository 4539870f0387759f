/** Faults that are put into the package on purpose, one at a time: random histories must find each of them. */
import type { Mutation } from './process';
import type { TriggerName } from './run';

export const MUTATIONS: Array<{ fault: string; name: TriggerName; mutation: Mutation }> = [
	{
		fault: 'polling reports a removed event as updated',
		name: 'polling',
		mutation: {
			module: 'lib/dingtalk/polling/detectChanges',
			replace: /kind: 'cancelled', event, at/,
			by: "kind: 'updated', event, at",
		},
	},
	{
		fault: 'polling asks for no deleted events after a refused sync token',
		name: 'polling',
		mutation: { module: 'lib/dingtalk/polling/syncApi', replace: /showDeleted && \{ showDeleted \}/, by: 'false' },
	},
	{
		fault: 'polling announces starts that are long past',
		name: 'polling',
		mutation: {
			module: 'lib/dingtalk/polling/startsAndEnds',
			replace: /return at < now && knownAt/,
			by: 'return false && knownAt',
		},
	},
	{
		fault: 'polling forgets which starts and ends it has reported',
		name: 'polling',
		mutation: {
			module: 'lib/dingtalk/polling/reportedKeys',
			replace: /return this\.expiresAt\.has\(.*\);/,
			by: 'return false;',
		},
	},
	{
		fault: 'Stream acknowledges changes before all workflows are there',
		name: 'stream',
		mutation: {
			module: 'lib/dingtalk/push/stream/deliverFrame',
			replace: /return 'LATER'/,
			by: "return 'SUCCESS'",
		},
	},
	{
		fault: 'Stream acknowledges changes while a workflow is being saved',
		name: 'stream',
		mutation: {
			module: 'lib/dingtalk/push/stream/missingWorkflows',
			replace: /RESUBSCRIBE_WAIT_MS = 10/,
			by: 'RESUBSCRIBE_WAIT_MS = 1.5',
		},
	},
	{
		fault: 'Stream hands over a change before an earlier one of its event',
		name: 'stream',
		mutation: {
			module: 'lib/n8n/triggers/ChangeHandler',
			// Reads the event once more for the first one only, so that the next one, which does not wait for it, is faster.
			replace: /await previous\?\.catch\(\(\) => undefined\);/,
			by: 'if (!previous) await this.formatter.readDetails(change, this.filter.chooseReader(change));',
		},
	},
	{
		fault: 'changes of another organization start the workflow',
		name: 'stream',
		mutation: {
			module: 'lib/dingtalk/push/parseChange',
			replace: /const isOfOrganization = .*/,
			by: 'const isOfOrganization = () => true;',
		},
	},
	{
		fault: 'the webhook forgets what an earlier process has stored',
		name: 'webhook',
		mutation: {
			module: 'nodes/DingTalkCalendarWebhookTrigger/receivePush',
			replace: /keys\.some\(\(key\) => store\.hasSeen\(key\)\)/,
			by: 'false',
		},
	},
];
