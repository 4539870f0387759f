/** What somebody sees who waits: each step with its name, how long it has taken so far, and at last. */

const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;

/** `more` is asked for what else there is to tell while the step goes on. */
export async function step(label, work, more = () => '') {
	const start = Date.now();
	const line = () => `  … ${[label, seconds(start), more()].filter(Boolean).join(' · ')}`;
	const inPlace = process.stdout.isTTY === true;
	if (!inPlace) console.log(`  … ${label}`);
	const timer = setInterval(
		() => (inPlace ? process.stdout.write(`\r\x1b[K${line()}`) : console.log(line())),
		inPlace ? 1000 : 30_000,
	);
	try {
		const result = await work();
		console.log(`${inPlace ? '\r\x1b[K' : ''}  ✓ ${label} (${seconds(start)})`);
		return result;
	} catch (error) {
		console.log(`${inPlace ? '\r\x1b[K' : ''}  ✗ ${label} (${seconds(start)})`);
		throw error;
	} finally {
		clearInterval(timer);
	}
}
