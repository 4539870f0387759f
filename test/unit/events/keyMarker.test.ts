/** Tests that the external key of an event is read from its description as it was written there. */
import fc from 'fast-check';

import { appendKey, canStoreKey, moveKeyToEnd, readKey, withoutKey } from '../../../lib/dingtalk/events/keyMarker';

/** Lines as they are, lines of keys, and line endings of all kinds. */
const text = fc
	.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('[key: OTHER]', '[key: A] ', 'key: A', '')))
	.chain((lines) => fc.constantFrom('\n', '\r\n', '\r').map((ending) => lines.join(ending)));
const key = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string({ unit: 'grapheme' }),
	fc.constantFrom('A', 'A]', '[A', 'A\u2028B'),
);

describe('The key in a description', () => {
	it('is read as it was written, whatever the text before it', () => {
		fc.assert(
			fc.property(text, key, (before, one) => {
				fc.pre(canStoreKey(one));
				expect(readKey(appendKey(before, one))).toBe(one);
				expect(readKey(`${appendKey(before, one)}\r\n`)).toBe(one);
			}),
		);
	});

	it.each(['A\nB', 'A\rB', 'A\u2028B', 'A\u2029B', 'A\u0085B', 'A\u0000', 'A\ud800', 'A]', '', ' A', 'A\u00a0'])(
		'cannot be %j',
		(one) => expect(canStoreKey(one)).toBe(false),
	);

	it.each(['4711', 'ORDER-1', '订单 1', 'a [b', '😀', '{"a":1}'])('can be %j', (one) =>
		expect(canStoreKey(one)).toBe(true),
	);

	it('is that of the last line, and no other', () => {
		expect(readKey('[key: OTHER]\n\n[key: A]')).toBe('A');
		expect(readKey('[key: A]\nand more')).toBeUndefined();
		expect(readKey('no key: A')).toBeUndefined();
		expect(readKey('see [key: A]')).toBeUndefined();
	});

	it('is moved to the end, as the only line with this key', () => {
		expect(moveKeyToEnd('[key: A] \r\nand more', 'A')).toBe('and more\n\n[key: A]');
		expect(moveKeyToEnd('[key: B]\nand more', 'A')).toBe('[key: B]\nand more\n\n[key: A]');
	});

	it('is taken out of a text that ends with it', () => {
		expect(withoutKey('Two boxes\r\n\r\n[key: A]\r\n', 'A')).toBe('Two boxes');
		expect(withoutKey('Two boxes\n[key: B]', 'A')).toBe('Two boxes\n[key: B]');
		expect(withoutKey('[key: A]', 'A')).toBe('');
	});
});
