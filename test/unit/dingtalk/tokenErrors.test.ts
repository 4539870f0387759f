/** Tests what a refused token request says about the region of the credential. */
import { readAccount } from '../../../lib/dingtalk/account';
import { explainTokenError } from '../../../lib/dingtalk/errors/tokenErrors';

describe('a credential with the region of another app', () => {
	it.each([
		['international', 'DingTalk International'],
		['china', 'DingTalk China'],
	])('is told which apps work with which region, where %s is chosen', (region, name) => {
		const account = readAccount({ region, clientId: 'dingabc', clientSecret: 'secret' });
		const body = { code: 'invalidClientIdOrSecret', message: '无效的clientId或者clientSecret', requestid: 'R-1' };
		const { message, details } = explainTokenError(account, { status: 400, body }, { grantType: 'client_credentials' });
		expect(message).toBe(`${name} does not accept the 'Client ID' or 'Client Secret'`);
		expect(details.advice).toBe(
			"Copy them again from the app's page in the DingTalk developer console, and check 'Region': an app created in mainland China works only with China, one created on dingtalk.io only with International.",
		);
	});
});
