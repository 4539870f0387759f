/** What happens when the workflow is activated, and when somebody listens for a test event. */
import type { IHookFunctions, ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { callbackKeysFrom } from '../../lib/dingtalk/push/callbackKeys';
import { Memory } from '../../lib/n8n/triggers/changeStore';
import { asNodeError } from '../../lib/n8n/triggers/context';
import { Teller } from '../../lib/n8n/triggers/ChangeFormatter';
import { readSchedule } from './fields';
import { CALLBACK_CREDENTIAL, openFilter, openTrigger } from './context';
import { recover } from './recoverMissedChanges';

/**
 * There is no call that tells DingTalk an address or asks it for one; somebody enters it in the developer console. So
 * nothing is created here, but what could never work is refused.
 */
export async function checkKeys(context: IHookFunctions): Promise<boolean> {
	try {
		callbackKeysFrom(await context.getCredentials(CALLBACK_CREDENTIAL));
	} catch (error) {
		throw asNodeError(context, error);
	}
	return true;
}

/** Refuses fields that cannot work, looks the people up before the first push comes, and fetches what was missed. */
export async function activate(context: ITriggerFunctions): Promise<ITriggerResponse> {
	try {
		const item = await openTrigger(context);
		Teller.of(item, Memory.of(context));
		const filter = await openFilter(context, item);
		const schedule = readSchedule(item);
		return schedule === undefined ? {} : await recover(context, item, filter, schedule);
	} catch (error) {
		throw asNodeError(context, error);
	}
}
