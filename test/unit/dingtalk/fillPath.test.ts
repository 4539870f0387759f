/** Tests that no value of a path parameter leaves its segment. */
import fc from 'fast-check';

import { api, type ApiCall } from '../../../lib/dingtalk/endpoints';
import { DingTalkError } from '../../../lib/dingtalk/errors/DingTalkError';
import { fillPath } from '../../../lib/dingtalk/fillPath';

const calls: ApiCall[] = Object.values(api);
const placeholdersOf = ({ path }: ApiCall): string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
const cases = calls.flatMap((call) => placeholdersOf(call).map((name): [ApiCall, string] => [call, name]));

const fill = (call: ApiCall, name: string, value: string): string =>
	fillPath(call, { ...Object.fromEntries(placeholdersOf(call).map((one) => [one, 'x'])), [name]: value });

/** The path as it is sent: the URL parser resolves segments such as `..`. */
const sentPath = (path: string): string => new URL(`https://api.dingtalk.io${path}`).pathname;

describe('A path parameter', () => {
	it.each(['..', '.', '', '%2e%2e', '%2E', '.%2e', '\ud800', 'a\udc00b', 'constructor-\ud83d'])(
		'refuses %j in every call that has one',
		(value) => {
			for (const [call, name] of cases) expect(() => fill(call, name, value)).toThrow(DingTalkError);
		},
	);

	it('refuses a value that is missing or inherited', () => {
		const path = { calendarId: 'primary', eventId: 'e' };
		expect(() => fillPath(api.getEvent, path)).toThrow('The user ID is empty');
		expect(() => fillPath({ ...api.getEvent, path: '/{constructor}' }, {})).toThrow('is empty');
	});

	it.each([
		'a/b',
		'../..',
		'a?b=c',
		'a#b',
		'a\\b',
		'a\r\nb',
		'a%2fb',
		' ',
		'…',
		'会议',
		'...',
		'constructor',
		'__proto__',
	])('keeps %j in its segment', (value) => {
		for (const [call, name] of cases) {
			const segments = sentPath(fill(call, name, value)).split('/');
			const index = call.path.split('/').indexOf(`{${name}}`);
			expect(segments).toHaveLength(call.path.split('/').length);
			expect(decodeURIComponent(segments[index])).toBe(value);
		}
	});

	it('keeps any text in its segment, or is refused', () => {
		const texts = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc
				.array(fc.constantFrom('.', '%2e', '%', '/', '\\', '?', '#', ';', '\ud800', '\u0000', 'a'))
				.map((parts) => parts.join('')),
		);
		fc.assert(
			fc.property(texts, fc.constantFrom(...cases), (value, [call, name]) => {
				let path: string;
				try {
					path = fill(call, name, value);
				} catch (error) {
					return error instanceof DingTalkError && error.kind === 'input';
				}
				const segments = sentPath(path).split('/');
				const expected = call.path.split('/');
				return (
					segments.length === expected.length && decodeURIComponent(segments[expected.indexOf(`{${name}}`)]) === value
				);
			}),
			{ numRuns: 2000 },
		);
	});
});
