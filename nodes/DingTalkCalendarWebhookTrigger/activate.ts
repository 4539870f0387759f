/** What happens when the workflow is activated, and when somebody listens for a test event. */
import type { IHookFunctions, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { readCallbackKeys } from '../../lib/dingtalk/push/callbackKeys';
import { ChangeStore } from '../../lib/n8n/triggers/changeStore';
import { toTriggerError } from '../../lib/n8n/triggers/context';
import { ChangeFormatter } from '../../lib/n8n/triggers/ChangeFormatter';
import { readSchedule } from './fields';
import { CALLBACK_CREDENTIAL, readFilter, createTriggerItem } from './triggerContext';
import { recoverMissedChanges } from './recoverMissedChanges';

/**
 * There is no call that tells DingTalk an address or asks it for one; somebody enters it in the developer console. So
 * nothing is created here, but what could never work is refused.
 */
export async function checkKeys(context: IHookFunctions): Promise<boolean> {
	try {
		readCallbackKeys(await context.getCredentials(CALLBACK_CREDENTIAL));
	} catch (error) {
		throw toTriggerError(context, error);
	}
	return true;
}

/** Refuses fields that cannot work, looks the people up before the first push comes, and fetches what was missed. */
export async function activate(context: ITriggerFunctions): Promise<ITriggerResponse> {
	try {
		const item = await createTriggerItem(context);
		ChangeFormatter.of(item, ChangeStore.of(context));
		const filter = await readFilter(context, item);
		const schedule = readSchedule(item);
		return schedule === undefined ? {} : await recoverMissedChanges(context, item, filter, schedule);
	} catch (error) {
		throw toTriggerError(context, error);
	}
}
