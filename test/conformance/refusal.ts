/** What the official client makes of an error answer. */
export interface Refusal {
	status: number;
	code: string;
	message: string;
	requiredScopes?: string[];
}

interface SdkError {
	code: string;
	statusCode: number;
	data: { message: string; requestid: string };
	accessDeniedDetail?: { requiredScopes?: string[] };
}

const isSdkError = (error: unknown): error is SdkError =>
	error instanceof Error && 'code' in error && 'statusCode' in error && 'data' in error;

/** The refusal a call of the client meets; everything else fails the test. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
	try {
		await call;
	} catch (error) {
		if (!isSdkError(error)) throw error;
		const { code, statusCode: status, data, accessDeniedDetail } = error;
		// The envelope is part of what is documented, so every refusal of every test checks it.
		expect(data.requestid).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/);
		const requiredScopes = accessDeniedDetail?.requiredScopes;
		return { status, code, message: data.message, ...(requiredScopes ? { requiredScopes } : {}) };
	}
	throw new Error('The call was not refused.');
}

export const invalidParameter = (message: unknown = expect.any(String)): object => ({
	status: 400,
	code: 'invalidParameter',
	message,
});

export const itemNotFound = { status: 404, code: 'itemNotFound', message: expect.any(String) as unknown };

export const invalidAuthentication = { status: 400, code: 'InvalidAuthentication', message: '不合法的access_token' };
