/** Only DingTalk can tell whether the keys are right, and it cannot be asked; but wrong ones often look wrong. */
import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import { readCallbackKeys } from '../../lib/dingtalk/push/callbackKeys';

export function testCallbackKeys({ data }: ICredentialsDecrypted): INodeCredentialTestResult {
	try {
		readCallbackKeys(data ?? {});
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}
	return {
		status: 'OK',
		message: 'The keys look right. DingTalk checks them when you save the address in its developer console.',
	};
}
