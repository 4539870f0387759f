/** Tests that no regular expression takes much longer than the text it is applied to is long. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expressionsIn, slowPartsOf } from './slowPatterns';

const ROOT = join(__dirname, '../../..');
const sources = ['lib', 'nodes', 'credentials'].flatMap((folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => join(folder, file)),
);

interface Redaction {
	createRedactor?: (secrets: string[]) => (value: string) => string;
}

/** The expressions that a source file puts together when it is loaded, or when a redactor is made. */
function expressionsBuiltBy(file: string): string[] {
	const built: string[] = [];
	const original = globalThis.RegExp;
	globalThis.RegExp = new Proxy(original, {
		construct: (target, given: [string, string]) => {
			const expression = new target(...given);
			built.push(String(expression));
			return expression;
		},
	});
	try {
		jest.isolateModules(() => {
			const loaded = jest.requireActual<Redaction>(join(ROOT, file));
			loaded.createRedactor?.(['a/b+c=d"(e)*', 'another secret']);
		});
	} finally {
		globalThis.RegExp = original;
	}
	return built;
}

describe('a regular expression', () => {
	it.each([
		['/requiredScopes=\\[([^\\]]*)\\]/', '[^\\]]*'],
		['/\\/+$/', '\\/+'],
		['/^\\s*\\w*\\s*\\w*$/', '\\w*'],
		['/^(\\w+,?)*$/', '\\w+'],
	])('is found to be slow for long texts: %s', (literal, part) => expect(slowPartsOf(literal)).toContain(part));

	it.each(['/(?<!\\/)\\/+$/', '/^[^T]*T.*Z$/', '/\\s+/g', '/<([^<>]+)>\\s*$/', '/a{1,5}$/', '/,[a-z]+$/y'])(
		'is taken where a longer text takes no more than its share: %s',
		(literal) => expect(slowPartsOf(literal)).toEqual([]),
	);

	it('of the package is never slow', () => {
		const slow = sources.flatMap((file) =>
			expressionsIn(readFileSync(join(ROOT, file), 'utf8')).flatMap((literal) =>
				slowPartsOf(literal).map((part) => `${file}: ${literal} at ${part}`),
			),
		);
		expect(sources.length).toBeGreaterThan(200);
		expect(slow).toEqual([]);
	});

	it('of the package is never slow where it is put together from texts', () => {
		const builders = sources.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('new RegExp('));
		const built = builders.map((file) => ({ file, expressions: expressionsBuiltBy(file) }));
		expect(built.filter(({ expressions }) => expressions.length === 0)).toEqual([]);
		expect(built.flatMap(({ expressions }) => expressions.flatMap(slowPartsOf))).toEqual([]);
	});
});
