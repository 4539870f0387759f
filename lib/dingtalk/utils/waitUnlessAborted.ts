/**
 * A wait that ends early, without an error, when the signal says so. Unlike n8n's `sleep` it leaves no timer behind, so
 * that a connection that is closed is gone at once.
 */
export async function waitUnless(signal: AbortSignal, ms: number): Promise<void> {
	if (signal.aborted || ms <= 0) return;
	const time = AbortSignal.timeout(Math.ceil(ms));
	await new Promise<void>((resolve) => {
		const over = (): void => {
			time.removeEventListener('abort', over);
			signal.removeEventListener('abort', over);
			resolve();
		};
		time.addEventListener('abort', over);
		signal.addEventListener('abort', over);
	});
}
