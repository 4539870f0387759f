/** Tests how texts are recognized as IDs, numbers, addresses and names, and how messages mask them. */
import { parseIdentifier, redact, type IdentifyBy } from '../../../lib/dingtalk/people/parseIdentifier';
import { amount } from '../../long/amount';

const UNION_ID = 'iPkYRT2JqFaiE4fXkiiEiE';

describe('Parsing a person identifier of unknown kind', () => {
	it.each([
		['13800138000', 'mobile', '13800138000'],
		['138 0013 8000', 'mobile', '13800138000'],
		['138-0013-8000', 'mobile', '13800138000'],
		['  13800138000\n', 'mobile', '13800138000'],
		['+8613800138000', 'mobile', '13800138000'],
		['+86 138 0013 8000', 'mobile', '13800138000'],
		['+86-13800138000', 'mobile', '13800138000'],
		['(+86) 13800138000', 'mobile', '13800138000'],
		['8613800138000', 'mobile', '13800138000'],
		['0086 138 0013 8000', 'mobile', '13800138000'],
		['１３８００１３８０００', 'mobile', '13800138000'],
		['＋８６　１３８００１３８０００', 'mobile', '13800138000'],
		['+65 9123 4567', 'mobile', '+65-91234567'],
		['+65-91234567', 'mobile', '+65-91234567'],
		['+1 415-555-2671', 'mobile', '+1-4155552671'],
		['张伟 <13800138000>', 'mobile', '13800138000'],
		[UNION_ID, 'unionId', UNION_ID],
		['V1StGXR8Z5jdHi6Bmy+/=Q', 'unionId', 'V1StGXR8Z5jdHi6Bmy+/=Q'],
		[`张伟 <${UNION_ID}>`, 'unionId', UNION_ID],
		[`Smith, Ann <${UNION_ID}>  `, 'unionId', UNION_ID],
		['0123456789012345', 'userId', '0123456789012345'],
		['manager4220', 'userIdOrName', 'manager4220'],
		['lily', 'userIdOrName', 'lily'],
		['zhang.wei@example.com', 'email', 'zhang.wei@example.com'],
		['张伟', 'name', '张伟'],
		['zhang wei', 'name', 'zhang wei'],
		['a/b', 'name', 'a/b'],
		["Robert'); DROP TABLE people;--", 'name', "Robert'); DROP TABLE people;--"],
		['12345678901', 'userId', '12345678901'],
		['11800138000', 'userId', '11800138000'],
		['me', 'me', 'me'],
		['1380-013-8000', 'mobile', '13800138000'],
		['+86 (138) 0013 8000', 'mobile', '13800138000'],
		['Anne-Marie-Schmidt', 'userIdOrName', 'Anne-Marie-Schmidt'],
		['ChristopherAlexander', 'userIdOrName', 'ChristopherAlexander'],
		['Jean_Pierre_Dupont', 'userIdOrName', 'Jean_Pierre_Dupont'],
	])('detects that %j is a %s', (raw, kind, value) => {
		expect(parseIdentifier(raw, 'auto')).toEqual({ kind, value });
	});

	it.each([
		['王芳（实习）', 'name', '王芳(实习)'],
		['王芳１', 'name', '王芳1'],
		['ｌｉｌｙ', 'userIdOrName', 'lily'],
		['Wang <王芳（实习）>', 'name', '王芳(实习)'],
	])('keeps a name in full width as it was typed: %j', (raw, kind, value) => {
		expect(parseIdentifier(raw, 'auto')).toEqual({ kind, value, typed: raw.replace(/^Wang <(.*)>$/, '$1') });
		expect(parseIdentifier(raw, 'name')).toMatchObject({ kind: 'name', value });
	});

	it.each(['1-415-555-2671', '1 415 555 2671', '1 (415) 555-2671', '1.415.555.2671', '+14155552671', '+442071234567'])(
		'says how a number outside mainland China is written, of %j',
		(raw) => {
			for (const by of ['auto', 'mobile'] as const) {
				expect(parseIdentifier(raw, by)).toEqual({
					problem: expect.stringMatching(
						/ is not a valid mobile number; outside mainland China, write \+, the country code, a hyphen and the number, such as \+1-4155550100$/,
					),
				});
			}
		},
	);

	it.each(['?', '<>', '😀', '…', 'x'.repeat(65), '张'.repeat(65)])('rejects %j', (raw) => {
		expect(parseIdentifier(raw, 'auto')).toEqual({
			problem: expect.stringContaining('is not a mobile number, an e-mail address, an ID or a name'),
		});
	});
});

describe('Parsing a person identifier of a given kind', () => {
	it.each<[IdentifyBy, string, string]>([
		['unionId', 'short', 'short'],
		['userId', '13800138000', '13800138000'],
		['userId', UNION_ID, UNION_ID],
		['userId', 'me', 'me'],
		['mobile', '+86 138-0013-8000', '13800138000'],
	])('reads a %s: %j', (by, raw, value) => {
		expect(parseIdentifier(raw, by)).toEqual({ kind: by, value });
	});

	it.each<[IdentifyBy, string, string]>([
		['unionId', '13800138000', "'138****8000' is a mobile number, not a union ID"],
		['unionId', '+65 9123 4567', 'is a mobile number, not a union ID'],
		['unionId', '0123456789012345', "'0123456789012345' is a user ID, not a union ID"],
		// A path would lose it, and the call would be another one.
		['unionId', '..', "'..' is not a union ID"],
		['mobile', '12345', "'12345' is not a mobile number"],
		['mobile', 'manager4220', "'manager4220' is not a mobile number"],
	])('does not accept as a %s what is clearly something else: %j', (by, raw, problem) => {
		expect(parseIdentifier(raw, by)).toEqual({ problem: expect.stringContaining(problem) });
	});
});

describe('Parsing random text as a person identifier', () => {
	/** The same texts in every run, so that a failure can be reproduced. */
	function* randomTexts(count: number): Generator<string> {
		const signs = [...'aZ09 +-().<>/=_@,;\n\t"\'{}[]\\%?#&１＋（', '张', '　', '😀', '\u0000', '\ud83d', '\u202e'];
		let state = 20_260_302;
		const next = (below: number): number => {
			state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
			return Math.floor((state / 2 ** 32) * below);
		};
		for (let made = 0; made < count; made++)
			yield Array.from({ length: next(70) }, () => signs[next(signs.length)]).join('');
	}

	it('returns either an identifier or a problem in words', () => {
		for (const by of ['auto', 'unionId', 'userId', 'mobile'] as const) {
			for (const raw of randomTexts(amount({ short: 500, long: 2000 }))) {
				const identified = parseIdentifier(raw, by);
				if ('problem' in identified) expect(identified.problem).toMatch(/^'[^]*' is /);
				else expect(typeof identified.value).toBe('string');
			}
		}
	});
});

describe('Redacting a person identifier for an error message', () => {
	it.each([
		['13800138000', '138****8000'],
		['138 0013 8000', '138****8000'],
		['138-0013-8000', '138****8000'],
		['+86 13800138000', '+86****8000'],
		['0086 138 0013 8000', '008****8000'],
		['+14155552671', '+14****2671'],
		['13800138000 13900139000', '138****8000 139****9000'],
		['１３８００１３８０００', '138****8000'],
		['张伟 <13800138000>', '张伟 <138****8000>'],
		['+65 9123 4567', '+65****4567'],
		['+1-4155552671', '+1-****2671'],
	])('masks the mobile number %j', (raw, expected) => {
		expect(redact(raw)).toBe(expected);
	});

	it('masks a mobile number before a long text is cut', () => {
		expect(redact(`${'人'.repeat(30)}13800138000${'人'.repeat(30)}`)).not.toContain('13800138');
	});

	it.each(['0123456789012345', '12345678901', 'manager4220', UNION_ID, 'zhang.wei@example.com', '张伟'])(
		'leaves %j as it is',
		(raw) => {
			expect(redact(raw)).toBe(raw);
		},
	);

	it('shortens a text to 40 characters', () => {
		expect(redact('x'.repeat(500))).toBe(`${'x'.repeat(40)}…`);
	});
});
