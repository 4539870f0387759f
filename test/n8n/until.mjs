/** Waits until a check finds something, and fails with a clear message otherwise. */
const EVERY_MS = 200;

/** What `look` finds, as soon as it finds something. */
export async function until(what, look, seconds = 60) {
	for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
		const found = await look();
		if (found) return found;
		await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
	}
	throw new Error(`${what} did not come`);
}
