/** The generic error of two calls that do not say what is wrong. */
import { ApiError } from '../contract';

export const paramIllegal = (): ApiError => new ApiError(400, 'paramIllegal', 'PARAM ILLEGAL');

/** Replaces any error about the request with the generic one. */
export function withGenericError<T>(answer: () => T): T {
	try {
		return answer();
	} catch (error) {
		throw error instanceof ApiError && error.code === 'invalidParameter' ? paramIllegal() : error;
	}
}
