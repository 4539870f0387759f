import { Refusal } from '../contract';

export const paramIllegal = (): Refusal => new Refusal(400, 'paramIllegal', 'PARAM ILLEGAL');

/** Two calls know one refusal for everything that is wrong with a request, and do not say what it is. */
export function orParamIllegal<T>(answer: () => T): T {
	try {
		return answer();
	} catch (error) {
		throw error instanceof Refusal && error.code === 'invalidParameter' ? paramIllegal() : error;
	}
}
