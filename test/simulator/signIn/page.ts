/** The pages that DingTalk's sign-in shows in the browser. */
import type { Person } from '../company';
import type { SimulatorResponse } from '../response';

const escaped = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0).toString()};`);

const STYLE = `body { font: 16px/1.5 sans-serif; color: #171a1d; background: #f2f3f5; }
main { max-width: 26rem; margin: 4rem auto; padding: 2rem; background: #fff; border-radius: 12px; }
select, button { font: inherit; padding: 0.5rem 1rem; margin: 0.25rem 0.5rem 0.25rem 0; }
button[value="agree"] { background: #007fff; color: #fff; border: 0; border-radius: 6px; }`;

function page(status: number, title: string, content: string): SimulatorResponse {
	const text = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main><p>DingTalk simulator</p><h1>${escaped(title)}</h1>${content}</main></body></html>`;
	return { status, contentType: 'text/html;charset=utf-8', headers: { 'Cache-Control': 'no-store' }, text };
}

export const errorPage = (title: string, advice: string): SimulatorResponse =>
	page(400, title, `<p>${escaped(advice)}</p>`);

/** The page posts to its own address, which names the app and the redirect address. */
export function consentPage(clientId: string, people: readonly Person[]): SimulatorResponse {
	const options = people.map(
		({ unionId, name, userId }) => `<option value="${escaped(unionId)}">${escaped(name)} (${escaped(userId)})</option>`,
	);
	return page(
		200,
		'Sign in',
		`<form method="post">
<p>The app <b>${escaped(clientId)}</b> wants to act on your behalf.</p>
<p><label>You are <select name="unionId">${options.join('')}</select></label></p>
<p><button name="decision" value="agree">Agree</button><button name="decision" value="refuse">Refuse</button></p>
</form>`,
	);
}
