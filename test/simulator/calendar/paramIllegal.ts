/** The generic error of two calls that do not say what is wrong. */
import { Refusal } from '../contract';

export const paramIllegal = (): Refusal => new Refusal(400, 'paramIllegal', 'PARAM ILLEGAL');

/** Replaces any error about the request with the generic one. */
export function orParamIllegal<T>(answer: () => T): T {
	try {
		return answer();
	} catch (error) {
		throw error instanceof Refusal && error.code === 'invalidParameter' ? paramIllegal() : error;
	}
}
