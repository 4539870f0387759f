/** Takes the error of a request as a value, where it decides what to do next. */
export const settle = async <T>(request: Promise<T>): Promise<T | Error> =>
	await request.catch((error: Error) => error);

/** The error of a request, if it fails. */
export async function getError(request: Promise<unknown>): Promise<Error | undefined> {
	const outcome = await settle(request);
	return outcome instanceof Error ? outcome : undefined;
}
