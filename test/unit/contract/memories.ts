/** Finds what the process remembers: the variables of modules that can change. */
import ts from 'typescript';

/** Cannot change, or says nothing of anyone. */
const CONSTANT_CLASSES = ['RegExp', 'DingTalkError', 'Intl.DateTimeFormat', 'Intl.NumberFormat', 'Intl.Segmenter'];

/** An object that starts out full of constants, or is declared not to change. */
const isConstant = ({ type }: ts.VariableDeclaration, created: ts.NewExpression): boolean =>
	/^Readonly/.test(type?.getText() ?? '') ||
	CONSTANT_CLASSES.includes(created.expression.getText()) ||
	(created.arguments?.[0] !== undefined && ts.isArrayLiteralExpression(created.arguments[0]));

/** Names the memories of a file: each `let`, and each object that a module creates and that can change. */
export function findMemories(source: string): string[] {
	const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true);
	return file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList: { flags, declarations } }) =>
		declarations
			.filter((declaration) => {
				const { initializer } = declaration;
				if ((flags & ts.NodeFlags.Const) === 0) return true;
				return initializer !== undefined && ts.isNewExpression(initializer) && !isConstant(declaration, initializer);
			})
			.map(({ name }) => name.getText()),
	);
}
