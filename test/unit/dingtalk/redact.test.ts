/** Tests that secrets are found wherever they are quoted, and that everything else stays as it is. */
import { createRedactor } from '../../../lib/dingtalk/utils/redact';

const SECRET = 'se/cret+="1"';
const redact = createRedactor([SECRET, 'another-secret', undefined, '']);

describe('The redactor', () => {
	it.each([
		['as it is', SECRET],
		['in a URL', encodeURIComponent(SECRET)],
		['in JSON', JSON.stringify({ SECRET })],
		['in a URL with small letters', encodeURIComponent(SECRET).toLowerCase()],
		['in JSON within JSON', JSON.stringify(JSON.stringify({ SECRET }))],
		['in JSON with escaped slashes', JSON.stringify({ SECRET }).replaceAll('/', '\\/')],
		['in Base64', Buffer.from(SECRET).toString('base64')],
		['in Base64 for URLs', Buffer.from(SECRET).toString('base64url')],
		['in hexadecimal digits', Buffer.from(SECRET).toString('hex')],
		['in capital hexadecimal digits', Buffer.from(SECRET).toString('hex').toUpperCase()],
	])('removes a secret quoted %s', (_, quoted) => {
		expect(redact(`before ${quoted} after`)).toMatch(/^before .*\[removed: a secret of the credential\].* after$/);
	});

	it.each(['', 'i', 'id', 'ids', 'app:', 'client:'])(
		'removes a secret from the Base64 of a login after "%s"',
		(before) => {
			for (const after of ['', '1', '22', '333']) {
				const login = Buffer.from(`${before}${SECRET}${after}`).toString('base64');
				const safe = redact(`Basic ${login}`);
				expect(safe).toContain('[removed');
				expect(Buffer.from(safe.replace(/^Basic |\[.*\].*$/g, ''), 'base64').toString()).not.toContain('se/');
			}
		},
	);

	it('searches only keys and texts that are long enough to hold a secret', () => {
		const short = 'another-secre';
		const event = { id: short, [short]: [short, { start: { dateTime: short } }], [`${short}t`]: `${short}t` };
		const redactOne = createRedactor(['another-secret']);
		const search = jest.spyOn(RegExp.prototype, Symbol.replace);
		const safe = redactOne(event);
		const searched = search.mock.calls.map(([text]) => text);
		search.mockRestore();
		expect(new Set(searched)).toEqual(new Set(['another-secret']));
		const removed = '[removed: a secret of the credential]';
		expect(safe).toEqual({ id: short, [short]: [short, { start: { dateTime: short } }], [removed]: removed });
	});

	it('looks at keys, lists and objects within each other', () => {
		const safe = JSON.stringify(redact({ a: [{ [`key another-secret`]: ['another-secret', 1, null, true] }] }));
		expect(safe).not.toContain('another-secret');
		expect(safe).toContain('1,null,true');
	});

	it('returns what has no secret as the same object', () => {
		const body = { a: [{ b: 'c' }], d: null };
		expect(redact(body)).toBe(body);
	});

	it('leaves text alone that only looks like a secret of a few letters', () => {
		expect(createRedactor(['a', '12345'])('a 12345')).toBe('a 12345');
	});

	it('keeps a key named __proto__ a key', () => {
		const safe = redact(JSON.parse('{"__proto__":{"x":"another-secret"}}') as object);
		expect(Object.keys(safe)).toEqual(['__proto__']);
		expect(({} as { x?: string }).x).toBeUndefined();
	});

	it('reads an answer nested deeper than any of DingTalk without overflowing', () => {
		const deep = JSON.parse(`${'['.repeat(50_000)}"another-secret"${']'.repeat(50_000)}`) as unknown;
		expect(() => redact(deep)).not.toThrow();
	});
});
