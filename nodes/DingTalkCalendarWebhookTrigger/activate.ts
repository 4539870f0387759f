/** Checks the trigger when its workflow is activated or listens for a test event, and starts recovering missed changes. */
import type { IHookFunctions, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { readCallbackKeys } from '../../lib/dingtalk/push/callbackKeys';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { isUserActivation, toTriggerError } from '../../lib/n8n/triggers/context';
import { ChangeFormatter } from '../../lib/n8n/triggers/ChangeFormatter';
import { readSchedule } from './fields';
import { CALLBACK_CREDENTIAL, getChangeFilter, createWebhookItem } from './webhookContext';
import { recoverMissedChanges } from './recoverMissedChanges';

/**
 * DingTalk has no call to save a webhook URL or to read the saved one; a person enters it in the developer console. So
 * nothing is created here, but keys that cannot work are rejected.
 */
export async function checkCallbackKeys(context: IHookFunctions): Promise<boolean> {
	try {
		readCallbackKeys(await context.getCredentials(CALLBACK_CREDENTIAL));
	} catch (error) {
		throw toTriggerError(context, error);
	}
	return true;
}

/** Rejects wrong values, looks up the people before the first push arrives, and recovers missed changes. */
export async function activate(context: ITriggerFunctions): Promise<ITriggerResponse> {
	try {
		const item = await createWebhookItem(context);
		ChangeFormatter.of(item, ChangeStore.of(context));
		const filter = await getChangeFilter(context, item, isUserActivation(context));
		const schedule = readSchedule(item);
		return schedule === undefined ? {} : await recoverMissedChanges(context, item, filter, schedule);
	} catch (error) {
		throw toTriggerError(context, error);
	}
}
