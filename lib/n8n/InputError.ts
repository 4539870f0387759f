/** Something the user typed cannot work. Raised before any call; names the field as the editor shows it. */
export class InputError extends Error {
	constructor(
		/** The label in the editor. */
		readonly field: string,
		problem: string,
		/** What to type instead. */
		readonly advice: string,
	) {
		super(`'${field}' ${problem}`);
		this.name = 'InputError';
	}
}
