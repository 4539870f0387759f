/** The types of the tables that reports print. */
type Cell = string | number | undefined;

export function describeItem(json: object | undefined): string;
export function columns(rows: readonly (readonly Cell[])[], most?: number): string[];
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[], most?: number): string;
