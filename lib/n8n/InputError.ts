/** The error for invalid input: thrown before any call, naming the field as the editor shows it. */
import { shorten, shortenWords } from '../dingtalk/utils/text';
import { t, translate } from '../locale/t';

/** The value of an expression can be a whole document. */
const MAX_PROBLEM_LENGTH = 300;

export class InputError extends Error {
	constructor(
		/** The label of the field in the editor. */
		readonly field: string,
		problem: string,
		/** What to enter instead. */
		readonly advice: string,
		maxLength = MAX_PROBLEM_LENGTH,
	) {
		super(t`'${translate(field)}' ${shorten(shortenWords(problem), maxLength)}`);
		this.name = 'InputError';
	}
}
