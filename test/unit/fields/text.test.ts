/** Tests how text, booleans, numbers, choices and lists are read from fields. */
import { InputError } from '../../../lib/n8n/InputError';
import {
	readBoolean,
	readChoice,
	readList,
	readText,
	readTextUpTo,
	readTitle,
	readWholeNumber,
} from '../../../lib/n8n/fields/primitives';

describe('A boolean field', () => {
	it.each([true, 'true', 'TRUE', ' True ', 'yes', 'y', 'on', '1', 1, '是'])('reads %j as true', (value) => {
		expect(readBoolean(value, 'All Day')).toBe(true);
	});

	it.each([false, 'false', 'False', 'no', 'n', 'off', '0', 0, '', '否'])('reads %j as false', (value) => {
		expect(readBoolean(value, 'All Day')).toBe(false);
	});

	it.each(['maybe', 2, null, undefined, {}, 'truetrue'])('rejects %j', (value) => {
		expect(() => readBoolean(value, 'All Day')).toThrow("'All Day' is neither true nor false");
	});
});

describe('A field for a whole number', () => {
	const read = (value: unknown): number => readWholeNumber(value, 'Interval', { from: 1, to: 365 });

	it.each([
		[5, 5],
		['5', 5],
		[' 5 ', 5],
		['5.0', 5],
		[1, 1],
		[365, 365],
	])('reads %j', (value, number) => {
		expect(read(value)).toBe(number);
	});

	it.each([0, 366, -1, 1.5, '1.5', '', ' ', 'five', null, undefined, true, [5], Number.NaN, Number.POSITIVE_INFINITY])(
		'rejects %j',
		(value) => {
			expect(() => read(value)).toThrow("'Interval' must be a whole number from 1 to 365");
		},
	);
});

describe('A dropdown field', () => {
	const read = (value: unknown): string => readChoice(value, 'Response', ['accepted', 'needsAction'] as const);

	it.each([
		['accepted', 'accepted'],
		['ACCEPTED', 'accepted'],
		[' needsaction ', 'needsAction'],
	])('recognizes %j regardless of case and spaces', (value, choice) => {
		expect(read(value)).toBe(choice);
	});

	it.each(['', 'maybe', null, 1, {}, ['accepted', 'needsAction']])('rejects %j and lists the options', (value) => {
		expect(() => read(value)).toThrow(InputError);
		expect(() => read(value)).toThrow(`'Response' has no option '${String(value)}'`);
		expect(() => read(value)).toThrow(expect.objectContaining({ advice: 'Use one of: accepted, needsAction.' }));
	});
});

describe('A list field', () => {
	it.each<[unknown, unknown[]]>([
		['a, b,c', ['a', 'b', 'c']],
		['a，b、c；d;e\nf', ['a', 'b', 'c', 'd', 'e', 'f']],
		[' a ,, b\n\n', ['a', 'b']],
		['["a","b"]', ['a', 'b']],
		[' ["a", "b,c"] ', ['a', 'b', 'c']],
		['[{"id":"a"}]', [{ id: 'a' }]],
		['[not json, b', ['[not json', 'b']],
		[
			['a', 'b'],
			['a', 'b'],
		],
		[
			['a,b', 'c'],
			['a', 'b', 'c'],
		],
		[[{ id: 'a' }], [{ id: 'a' }]],
		[
			[1, 2],
			[1, 2],
		],
		[{ id: 'a' }, [{ id: 'a' }]],
		[15, ['15']],
		['', []],
		[' ', []],
		['[]', []],
		[[], []],
		[[''], []],
		[undefined, []],
		[null, []],
		// The result of a condition in an expression: false for nothing, while true is no entry and is not left out either.
		[false, []],
		[true, [true]],
	])('reads %j as %j', (value, entries) => {
		expect(readList(value)).toEqual(entries);
	});
});

describe('A text field', () => {
	it.each<[unknown, string]>([
		['words', 'words'],
		[42, '42'],
		[false, 'false'],
		['', ''],
	])('reads %j as %j', (value, text) => {
		expect(readText(value, 'Location')).toBe(text);
	});

	it.each([null, undefined, {}, ['a']])('rejects %j', (value) => {
		expect(() => readText(value, 'Location')).toThrow("'Location' is not text");
	});

	it('accepts text up to the limit and rejects longer text instead of truncating it', () => {
		expect(readTextUpTo(5, '日程日程日', 'Description')).toHaveLength(5);
		expect(() => readTextUpTo(5, 'x'.repeat(6), 'Description')).toThrow(
			"'Description' is too long: 6 characters, but DingTalk accepts at most 5",
		);
	});

	it('counts a character outside the basic plane as one', () => {
		expect(readTitle('𠮷😀', 2)).toBe('𠮷😀');
		expect(() => readTitle('𠮷😀x', 2)).toThrow("'Title' is too long: 3 characters, but DingTalk accepts at most 2");
	});

	it.each(['', '  ', '\n', null, undefined])('rejects %j as a title', (value) => {
		expect(() => readTitle(value, 10)).toThrow("'Title' is empty");
	});

	it('trims a title', () => {
		expect(readTitle(' Planning ', 10)).toBe('Planning');
	});
});
