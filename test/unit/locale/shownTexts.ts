/** Collects the English texts that people can see: those with the tag `t`, counted nouns, and what the editor shows. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

import { catalogue } from '../../../lib/locale/catalogue';

const root = join(__dirname, '../../..');
const HAN = /\p{Script=Han}/u;
const MARK = '译';

/** The key of a tagged text: its words, with `{1}`, `{2}` in place of the values. */
function keyOf(template: ts.TemplateLiteral): string {
	if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
	return template.templateSpans.reduce(
		(text, { literal }, index) => `${text}{${index + 1}}${literal.text}`,
		template.head.text,
	);
}

const isTextOf = (node: ts.Expression | undefined): node is ts.StringLiteral =>
	node !== undefined && ts.isStringLiteral(node);

/** The keys of `formatCount(n, 'person', 'people')`. */
function countedNouns([, one, many]: readonly ts.Expression[]): string[] {
	if (!isTextOf(one)) return [];
	return [`{1} ${one.text}`, `{1} ${isTextOf(many) ? many.text : `${one.text}s`}`];
}

/** The texts that a source file says in a run. */
export function textsIn(source: string): string[] {
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 't') found.push(keyOf(node.template));
		if (ts.isCallExpression(node) && node.expression.getText() === 'formatCount')
			found.push(...countedNouns(node.arguments));
		if (ts.isNewExpression(node) && node.expression.getText() === 'InputError' && isTextOf(node.arguments?.[0]))
			found.push(node.arguments[0].text);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true));
	return found;
}

export const sources = ['credentials', 'lib', 'nodes'].flatMap((folder) =>
	readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => join(folder, name)),
);

/** What the editor shows of the nodes and the credentials; those that were made in another language already are left out. */
async function textsOfEditor(): Promise<string[]> {
	const asked = new Set<string>();
	const { language, texts } = catalogue;
	const recorder = {
		get(key: string): string | undefined {
			if (HAN.test(key)) return undefined;
			asked.add(key);
			return `${MARK}${key}`;
		},
	};
	// Before anything else is loaded: texts at the top of a file are made once.
	Object.assign(catalogue, { language: 'zh-CN', texts: recorder });
	const files = sources.filter((name) => /\.(node|credentials)\.ts$/.test(name));
	for (const file of files) {
		const classes = Object.values((await import(join(root, file))) as Record<string, new () => object>);
		for (const Class of classes) readAll(new Class());
	}
	Object.assign(catalogue, { language, texts });
	return [...asked];
}

/** Also what getters return. */
function readAll(value: unknown): void {
	if (typeof value !== 'object' || value === null) return;
	for (const inner of Object.values(value)) readAll(inner);
}

/** All texts by their keys, with the files where they are; the editor's have none. */
export async function listShownTexts(): Promise<Map<string, string[]>> {
	const texts = new Map<string, string[]>();
	for (const file of sources) {
		for (const key of textsIn(readFileSync(join(root, file), 'utf8')))
			texts.set(key, [...(texts.get(key) ?? []), file]);
	}
	for (const key of await textsOfEditor()) if (!texts.has(key)) texts.set(key, []);
	// Numbers, names and examples are the same in each language.
	return new Map([...texts].filter(([key]) => /[A-Za-z]{2}|[{(:.]/.test(key) && key !== ''));
}

/** A literal in which three words in a row look like a sentence. */
const PROSE = /[A-Za-z]{2,}(?:'[a-z]+)? (?:a |[a-z]{2,}(?:'[a-z]+)? )(?:a|[a-z]{2,})/;

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The sentences of a source file without the tag, each as a pattern of what it can be a part of. */
export function untaggedIn(source: string): RegExp[] {
	const found: RegExp[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isTaggedTemplateExpression(node)) {
			if (ts.isTemplateExpression(node.template)) node.template.templateSpans.forEach((span) => visit(span.expression));
			return;
		}
		if (ts.isStringLiteralLike(node) && PROSE.test(node.text)) found.push(new RegExp(escape(node.text)));
		if (ts.isTemplateExpression(node)) {
			const parts = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
			if (parts.some((part) => PROSE.test(part))) found.push(new RegExp(parts.map(escape).join('[^]*')));
		}
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true));
	return found;
}
