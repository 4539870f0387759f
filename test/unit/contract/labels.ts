/** Every label that a user of the package can see: of nodes, operations, fields, choices and credentials. */
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { DingTalkCalendarApi } from '../../../credentials/DingTalkCalendarApi.credentials';
import { DingTalkCalendarCallbackApi } from '../../../credentials/DingTalkCalendarCallbackApi.credentials';
import { DingTalkCalendar } from '../../../nodes/DingTalkCalendar/DingTalkCalendar.node';
import { DingTalkCalendarPollingTrigger } from '../../../nodes/DingTalkCalendarPollingTrigger/DingTalkCalendarPollingTrigger.node';
import { DingTalkCalendarTrigger } from '../../../nodes/DingTalkCalendarTrigger/DingTalkCalendarTrigger.node';
import { DingTalkCalendarWebhookTrigger } from '../../../nodes/DingTalkCalendarWebhookTrigger/DingTalkCalendarWebhookTrigger.node';

type Labelled = INodeProperties | INodePropertyOptions | INodePropertyCollection;

function labelsIn(part: Labelled): string[] {
	const own = 'displayName' in part ? part.displayName : part.name;
	const action = 'action' in part && part.action ? [part.action] : [];
	const placeholder = 'placeholder' in part && part.placeholder ? [part.placeholder] : [];
	const modes = 'modes' in part ? (part.modes ?? []).map(({ displayName }) => displayName) : [];
	const inner: Labelled[] = 'values' in part ? part.values : 'options' in part ? (part.options ?? []) : [];
	return [own, ...action, ...placeholder, ...modes, ...inner.flatMap(labelsIn)];
}

export function labels(): Set<string> {
	const nodes = [
		new DingTalkCalendar(),
		new DingTalkCalendarTrigger(),
		new DingTalkCalendarWebhookTrigger(),
		new DingTalkCalendarPollingTrigger(),
	].map(({ description }) => description);
	const credentials = [new DingTalkCalendarApi(), new DingTalkCalendarCallbackApi()];
	return new Set(
		[...nodes, ...credentials].flatMap(({ displayName, properties }) => [displayName, ...properties.flatMap(labelsIn)]),
	);
}
