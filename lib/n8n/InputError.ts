/** The error for invalid input: thrown before any call, naming the field as the editor shows it. */
export class InputError extends Error {
	constructor(
		/** The label of the field in the editor. */
		readonly field: string,
		problem: string,
		/** What to enter instead. */
		readonly advice: string,
	) {
		super(`'${field}' ${problem}`);
		this.name = 'InputError';
	}
}
