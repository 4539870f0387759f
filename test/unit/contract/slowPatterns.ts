/** Finds regular expressions that a long text can make slow: each is tried at each position, or splits the text in many ways. */
import { parseRegExpLiteral, type AST } from '@eslint-community/regexpp';
import ts from 'typescript';

/** Characters that stand for all others: ASCII, and some that Chinese texts have. */
const SAMPLE = [...Array.from({ length: 118 }, (_, index) => String.fromCharCode(index + 9)), '。', '，', '会', '１'];
/** A part that is repeated at most this often takes no longer for a longer text. */
const BOUNDED = 200;

type CharacterSet = ReadonlySet<string>;
type Group = AST.Group | AST.CapturingGroup;

/** An unbounded repetition, and what stands between it and the part at hand. */
interface Repetition {
	characters: CharacterSet;
	between: CharacterSet[];
}

const isGroup = ({ type }: AST.Element): boolean => type === 'Group' || type === 'CapturingGroup';
const isOptional = (element: AST.Element): boolean => element.type === 'Quantifier' && element.min === 0;
const canStandIn = (parts: CharacterSet[], characters: CharacterSet): boolean =>
	parts.every((part) => [...part].some((character) => characters.has(character)));

const known = new Map<string, CharacterSet>();

function charactersIn(raw: string, flags: string): CharacterSet {
	const expression = new RegExp(`^(?:${raw})$`, flags);
	const name = String(expression);
	const characters = known.get(name) ?? new Set(SAMPLE.filter((character) => expression.test(character)));
	known.set(name, characters);
	return characters;
}

const elementsOf = ({ elements }: AST.Alternative): AST.Element[] => elements;
/** What two rounds of a repeated group consist of: one may end where the next begins. */
const twice = ({ alternatives }: Group): AST.Element[][] =>
	alternatives.flatMap((first) => alternatives.map((second) => [...first.elements, ...second.elements]));

class Pattern {
	readonly slowParts: string[] = [];

	constructor(
		private readonly flags: string,
		{ alternatives }: AST.Pattern,
	) {
		// Of a sticky expression, the position is given.
		for (const { elements } of alternatives) this.check(elements, [], flags.includes('y'), false);
	}

	/** `mayFail`: whether something that follows these elements can make the match fail. */
	private check(elements: AST.Element[], before: CharacterSet[], isAnchored: boolean, mayFail: boolean): void {
		const preceding = [...before];
		const repetitions: Repetition[] = [];
		let isFixed = isAnchored;
		const pass = (characters: CharacterSet): void => {
			preceding.push(characters);
			for (const { between } of repetitions) between.push(characters);
		};
		for (const [index, element] of elements.entries()) {
			const fails = mayFail || elements.slice(index + 1).some((next) => !isOptional(next));
			if (element.type === 'Assertion') {
				isFixed ||= element.kind === 'start' || (element.kind === 'lookbehind' && element.negate);
				continue;
			}
			const inner = element.type === 'Quantifier' ? element.element : element;
			const characters = this.charactersOf(inner);
			const isUnbounded = element.type === 'Quantifier' && element.max > BOUNDED;
			if (isUnbounded && fails)
				this.checkRepetition(element.raw, characters, isFixed ? undefined : preceding, repetitions);
			if (isGroup(inner)) {
				for (const parts of isUnbounded ? twice(inner as Group) : (inner as Group).alternatives.map(elementsOf))
					this.check(parts, preceding, isFixed, fails || isUnbounded);
			}
			if (!isOptional(element)) pass(characters);
			if (isUnbounded) repetitions.push({ characters, between: [] });
		}
	}

	private checkRepetition(
		raw: string,
		characters: CharacterSet,
		preceding: CharacterSet[] | undefined,
		earlier: Repetition[],
	): void {
		// What precedes it may begin again in each character that it passes over.
		const beginsAgain = preceding !== undefined && canStandIn(preceding, characters);
		// Where one repetition ends and the other begins is left open.
		const isShared = earlier.some(({ characters: others, between }) => {
			const common = new Set([...characters].filter((character) => others.has(character)));
			return common.size > 0 && canStandIn(between, common);
		});
		if (beginsAgain || isShared) this.slowParts.push(raw);
	}

	private charactersOf(element: AST.Element): CharacterSet {
		if (element.type === 'Quantifier') return this.charactersOf(element.element);
		if (isGroup(element)) {
			const parts = (element as Group).alternatives.flatMap(({ elements }) => elements);
			return new Set(parts.flatMap((part) => [...this.charactersOf(part)]));
		}
		if (!['Character', 'CharacterSet', 'CharacterClass'].includes(element.type)) return new Set();
		return charactersIn(element.raw, this.flags.replace(/[gy]/g, ''));
	}
}

/** The parts of an expression for which a text twice as long takes four times as long, or longer. */
export function slowPartsOf(literal: string): string[] {
	const { flags, pattern } = parseRegExpLiteral(literal);
	return new Pattern(flags.raw, pattern).slowParts;
}

/** The regular expressions in a source text. */
export function expressionsIn(source: string): string[] {
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isRegularExpressionLiteral(node)) found.push(node.text);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest));
	return found;
}
