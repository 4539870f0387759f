/** Tests the callback credential. DingTalk has no call that checks the keys, so only their format is tested. */
import type { ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import { readCallbackKeys } from '../../lib/dingtalk/push/callbackKeys';
import { t } from '../../lib/locale/t';

export function testCallbackKeys({ data }: ICredentialsDecrypted): INodeCredentialTestResult {
	try {
		readCallbackKeys(data ?? {});
	} catch (error) {
		return { status: 'Error', message: (error as Error).message };
	}
	return {
		status: 'OK',
		message: t`The keys have the right format. DingTalk checks them when you save the URL in its developer console.`,
	};
}
