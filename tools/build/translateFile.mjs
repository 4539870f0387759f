/**
 * Writes the texts of another language into a built file: in place of templates with the tag `t`, and of what descriptions say
 * in so many words. What is put together only when the package runs stays, and is translated then.
 */
import ts from 'typescript';

const escaped = (text) => text.replace(/[\\`]|\$(?=\{)/g, '\\$&');

/** The key of a tagged text, as lib/locale/t.ts makes it. */
const keyOf = (template) =>
	ts.isNoSubstitutionTemplateLiteral(template)
		? template.text
		: template.templateSpans.reduce(
				(text, { literal }, index) => `${text}{${index + 1}}${literal.text}`,
				template.head.text,
			);

const isTagged = (node) => ts.isTaggedTemplateExpression(node) && /^\(0, \w+\(\)\.t\)$/.test(node.tag.getText());

const nameOf = ({ name }) => (name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : '');

/** The property that a text or an object is the value of; empty if it is none. */
const keyAt = ({ parent }) => (ts.isPropertyAssignment(parent) ? nameOf(parent) : '');

/** What each field, option and hint has; a list of labels by their fields may have a field that is called `description`. */
const MARKS = ['name', 'type', 'value'];

/** A literal that a description shows as it stands. `isShown` decides by the key, the object it is in, and that object's key. */
function isShownLiteral(node, isShown) {
	if (!ts.isStringLiteralLike(node) || !ts.isPropertyAssignment(node.parent)) return false;
	const holder = node.parent.parent;
	const siblings = Object.fromEntries(holder.properties.map((property) => [nameOf(property), true]));
	return MARKS.some((mark) => mark in siblings) && isShown(keyAt(node), siblings, keyAt(holder));
}

/**
 * Returns the translated source. Adds to `written` each text that it wrote in the other language, and to `left` each that it
 * leaves for when the package runs.
 */
export function translateFile(source, { texts, isShown, written, left }) {
	const templateOf = ({ tag, template }) => {
		const text = texts.get(keyOf(template));
		if (text === undefined) return undefined;
		written.add(keyOf(template));
		const values = template.templateSpans?.map(({ expression }) => render(expression).trim()) ?? [];
		const body = escaped(text).replace(/\{(\d+)\}/g, (place, number) =>
			number > values.length ? place : `\${${values[number - 1]}}`,
		);
		return `${tag.getText()} \`${body}\``;
	};
	const literalOf = ({ text: english }) => {
		written.add(english);
		return JSON.stringify(texts.get(english));
	};
	const ownTextOf = (node) => {
		if (isTagged(node)) return templateOf(node);
		if (!ts.isStringLiteralLike(node) || !texts.has(node.text)) return undefined;
		if (isShownLiteral(node, isShown)) return literalOf(node);
		left.add(node.text);
		return undefined;
	};
	const render = (node) => {
		const own = ownTextOf(node);
		if (own !== undefined) return source.slice(node.pos, node.getStart()) + own;
		let text = '';
		let at = node.pos;
		ts.forEachChild(node, (child) => {
			text += source.slice(at, child.pos) + render(child);
			at = child.end;
		});
		return text + source.slice(at, node.end);
	};
	const file = ts.createSourceFile('built.js', source, ts.ScriptTarget.ES2022, true);
	return render(file) + source.slice(file.end);
}
