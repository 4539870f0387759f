/** Formats ranges of items and the progress of a run for people. */

/** Such as `0–4, 7, 9–10`: items as n8n counts them. */
export function formatRanges(numbers: number[]): string {
	const spans: Array<{ from: number; to: number }> = [];
	for (const number of numbers) {
		const last = spans[spans.length - 1];
		if (last?.to === number - 1) last.to = number;
		else spans.push({ from: number, to: number });
	}
	return spans.map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`)).join(', ');
}

/** Which items were done before an error ended the run; empty for a single item, which the error itself names. */
export function describeProgress(done: boolean[]): string {
	if (done.length < 2) return '';
	const indexesOf = (value: boolean): number[] => done.flatMap((isDone, index) => (isDone === value ? [index] : []));
	const finished = indexesOf(true);
	const unfinished = indexesOf(false);
	const items = (list: number[]): string => `${list.length === 1 ? 'item' : 'items'} ${formatRanges(list)}`;
	return finished.length === 0
		? `None of the ${done.length} items is done.`
		: `Done: ${items(finished)}. Not done: ${items(unfinished)}.`;
}
