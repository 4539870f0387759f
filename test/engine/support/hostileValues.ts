/** Values that an attacker, or a broken program, would put into a field or a response. */
import { startProxy, type ChangingProxy } from './changedResponses';
import type { Random } from '../../simulator/random';

/** In a calendar file, a line that begins with this was written by the value of a field. */
export const INJECTED = 'X-INJECTED';

const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);

const deepObject = (depth: number): unknown => {
	let value: unknown = 'end';
	for (let level = 0; level < depth; level++) value = { value };
	return value;
};

const TEXTS = [
	`\r\n${INJECTED}:1`,
	`a\n${INJECTED}:1\r\nBEGIN:VEVENT`,
	`a\r${INJECTED}:1`,
	`a\u2028${INJECTED}:1\u0085${INJECTED}:1`,
	'..',
	'.',
	'../../v1.0/oauth2/accessToken',
	'%2e%2e%2f%2e%2e',
	'..\\..\\',
	'a/b',
	'a?x=1#y',
	'@127.0.0.1',
	'file:///etc/passwd',
	'__proto__',
	'constructor',
	'hasOwnProperty',
	'\ud800',
	'a\udfffb',
	'\u0000',
	'a\u0000b',
	'\u202Egnp.exe\u2066',
	'=HYPERLINK("http://127.0.0.1","x")',
	'+1+cmd|calc',
	'<script>alert(1)</script><img src=x onerror=alert(1)>',
	'"><svg onload=alert(1)>',
	'{{ 7*7 }}',
	'${7*7}',
	'{1} {2}',
	'x'.repeat(200_000),
	' '.repeat(50_000) + 'x',
	`${'a'.repeat(30_000)}!`,
	'1,'.repeat(3000),
	'('.repeat(5000),
	'-'.repeat(20_000),
	'9'.repeat(400),
	'1e999',
	nested(5000, '[', ']'),
	nested(5000, '{"a":', '}'),
	'{"__proto__":{"polluted":1}}',
	'[{"id":"__proto__","__proto__":{"polluted":1}}]',
	'{"constructor":{"prototype":{"polluted":1}}}',
	'9999-99-99',
	'2026-03-03T10:00:00+99:99',
	'-271821-04-20T00:00:00Z',
	'2026-02-30',
	'Etc/../../x',
	'FREQ=SECONDLY;COUNT=999999999',
	'P99999999999D',
];

const OTHERS: unknown[] = [
	null,
	true,
	0,
	-1,
	1e308,
	Number.MAX_SAFE_INTEGER,
	{},
	[],
	[[[]]],
	[null],
	{ length: 1e9 },
	JSON.parse('{"__proto__":{"polluted":1}}'),
	JSON.parse('{"constructor":{"prototype":{"polluted":1}}}'),
	deepObject(500),
];

/** n8n itself fails on a parameter like this, before the node starts. */
const IN_RESPONSES: unknown[] = [...OTHERS, { toString: 1, valueOf: 1, toJSON: 1 }];

export const hostileValue = (random: Random, others = OTHERS): unknown =>
	random.pick(random.chance(0.75) ? TEXTS : others);

/** The same data, in which each field becomes a hostile value with that probability. */
export function spoilFields(value: unknown, random: Random, probability: number): unknown {
	if (random.chance(probability)) return hostileValue(random, IN_RESPONSES);
	if (Array.isArray(value)) return value.map((entry: unknown) => spoilFields(entry, random, probability));
	if (typeof value !== 'object' || value === null) return value;
	const fields = Object.entries(value).map(([name, field]): [string, unknown] => [
		name,
		spoilFields(field, random, probability),
	]);
	// Not by assignment, which would set the prototype instead of a field of that name.
	if (random.chance(probability)) fields.push(['__proto__', { polluted: 1 }]);
	return Object.fromEntries(fields);
}

/** A DingTalk whose successful responses are hostile. */
export const startHostileProxy = async (target: string, random: Random, probability: number): Promise<ChangingProxy> =>
	await startProxy(target, (body) => {
		const spoilt = spoilFields(body, random, probability);
		return typeof spoilt === 'object' && spoilt !== null && !Array.isArray(spoilt) ? spoilt : body;
	});
