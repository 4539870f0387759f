/** Rows of Markdown tables, and ratios as they are written there. */
export const row = (cells: Array<string | number>): string => `| ${cells.join(' | ')} |`;

export const ratio = (one: number | null, other: number | null): string =>
	one === null || other === null || other === 0 ? '–' : `${(one / other).toFixed(2)}×`;
