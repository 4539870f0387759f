/** Checks that no sentence of eight words or more stands twice in the pages that people write. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

/** Made from the code, or a list of what each version has. */
const OTHERS =
	/^docs\/(resources\/|(errors|operations|permissions)\.md)|^docs\/project\/(evidence|faults|benchmarks)\.md/;
const files = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md']
	.concat(
		readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.md'))
			.map((name) => `docs/${name.replaceAll('\\', '/')}`),
	)
	.filter((file) => !OTHERS.test(file));

/** Sentences, entries of lists and cells of tables, as their words alone. */
function sentencesOf(text: string): string[] {
	const prose = text
		.replace(/```[\s\S]*?```/g, '')
		.replace(/\]\([^)]*\)/g, ']')
		.replace(/^#.*$/gm, '\n');
	return prose
		.split(/\n\s*\n|\n(?=\s*(?:[-*|]|\d+\. ))|\|/)
		.map((part) => part.replace(/\s+/g, ' '))
		.flatMap((part) => part.split(/(?<=[.!?:;]) /))
		.map((part) => part.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [])
		.filter((words) => words.length >= 8)
		.map((words) => words.join(' '));
}

function findRepeated(pages: ReadonlyMap<string, string>): string[] {
	const places = new Map<string, string[]>();
	for (const [page, text] of pages) {
		for (const sentence of sentencesOf(text)) places.set(sentence, [...(places.get(sentence) ?? []), page]);
	}
	return [...places]
		.filter(([, found]) => found.length > 1)
		.map(([sentence, found]) => `${found.join(', ')}: ${sentence}`);
}

describe('The written documentation', () => {
	it('says no sentence twice', () => {
		const pages = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
		expect(pages.size).toBeGreaterThan(35);
		expect(findRepeated(pages)).toEqual([]);
	});

	it('would notice one, wherever its lines break', () => {
		const sentence = 'Each person is looked up\nonce in a run of the node.';
		const pages = new Map([
			['a.md', `First. ${sentence}`],
			['b.md', `| cell | ${sentence.replace('\n', ' ')} |`],
		]);
		expect(findRepeated(pages)).toEqual(['a.md, b.md: each person is looked up once in a run of the node']);
		expect(findRepeated(new Map([['a.md', 'Too short. Too short.']]))).toEqual([]);
	});
});
