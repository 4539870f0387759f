/** The pages that DingTalk's sign-in shows in the browser, in the language that the browser asks for: English or Chinese. */
import type { Person } from '../company';
import type { SimulatorResponse } from '../response';

const escaped = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0).toString()};`);

const STYLE = `body { font: 16px/1.5 sans-serif; color: #171a1d; background: #f2f3f5; }
main { max-width: 26rem; margin: 4rem auto; padding: 2rem; background: #fff; border-radius: 12px; }
select, button { font: inherit; padding: 0.5rem 1rem; margin: 0.25rem 0.5rem 0.25rem 0; }
button[value="agree"] { background: #007fff; color: #fff; border: 0; border-radius: 6px; }`;

const ENGLISH = {
	language: 'en',
	simulator: 'DingTalk simulator',
	signIn: 'Sign in',
	wants: (app: string) => `The app ${app} wants to act on your behalf.`,
	youAre: 'You are',
	agree: 'Agree',
	refuse: 'Refuse',
	unknownApp: ['Unknown app', (clientId: string) => `There is no app with the client ID '${clientId}'.`],
	unknownAddress: [
		'Invalid redirect address',
		(address: string) =>
			`'${address}' is not registered for this app. In the DingTalk developer console, it is added under Security Settings.`,
	],
	incomplete: ['Incomplete address', () => "The address needs 'response_type=code' and the scope 'openid'."],
	noPerson: ['No one signed in', () => 'Choose a person.'],
} satisfies Record<string, string | ((value: string) => string) | [string, (value: string) => string]>;

const CHINESE: typeof ENGLISH = {
	language: 'zh-CN',
	simulator: '钉钉模拟器',
	signIn: '登录',
	wants: (app) => `应用 ${app} 申请以您的身份操作。`,
	youAre: '您是',
	agree: '同意',
	refuse: '拒绝',
	unknownApp: ['未知的应用', (clientId: string) => `没有 Client ID 为“${clientId}”的应用。`],
	unknownAddress: [
		'回调地址无效',
		(address: string) => `此应用没有登记“${address}”。请在钉钉开发者后台的“安全设置”中添加。`,
	],
	incomplete: ['地址不完整', () => '地址中需要 response_type=code 和 scope openid。'],
	noPerson: ['没有人登录', () => '请选择一位人员。'],
};

/** `accepted` is the browser's Accept-Language. */
const wordsIn = (accepted = ''): typeof ENGLISH => (/^zh\b/i.test(accepted) ? CHINESE : ENGLISH);

function page(status: number, words: typeof ENGLISH, title: string, content: string): SimulatorResponse {
	const text = `<!doctype html>
<html lang="${words.language}"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main><p>${words.simulator}</p><h1>${escaped(title)}</h1>${content}</main></body></html>`;
	return { status, contentType: 'text/html;charset=utf-8', headers: { 'Cache-Control': 'no-store' }, text };
}

type Problem = 'unknownApp' | 'unknownAddress' | 'incomplete' | 'noPerson';

export function errorPage(accepted: string | undefined, problem: Problem, value = ''): SimulatorResponse {
	const words = wordsIn(accepted);
	const [title, advice] = words[problem] as [string, (value: string) => string];
	return page(400, words, title, `<p>${escaped(advice(value))}</p>`);
}

/** The page posts to its own address, which names the app and the redirect address. */
export function consentPage(
	accepted: string | undefined,
	clientId: string,
	people: readonly Person[],
): SimulatorResponse {
	const words = wordsIn(accepted);
	const options = people.map(
		({ unionId, name, userId }) => `<option value="${escaped(unionId)}">${escaped(name)} (${escaped(userId)})</option>`,
	);
	return page(
		200,
		words,
		words.signIn,
		`<form method="post">
<p>${words.wants(`<b>${escaped(clientId)}</b>`)}</p>
<p><label>${words.youAre} <select name="unionId">${options.join('')}</select></label></p>
<p><button name="decision" value="agree">${words.agree}</button><button name="decision" value="refuse">${words.refuse}</button></p>
</form>`,
	);
}
