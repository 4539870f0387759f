/** Arithmetic on stretches of time, in milliseconds: plain numbers, because luxon's intervals are a hundred times slower. */

/** From (included) to (excluded), unless said otherwise. */
export type Span = readonly [from: number, to: number];

/** Sorted, with what overlaps or touches made one. */
export function mergeSpans(spans: readonly Span[]): Span[] {
	const merged: Array<[number, number]> = [];
	for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
		const last = merged.at(-1);
		if (last && from <= last[1]) last[1] = Math.max(last[1], to);
		else merged.push([from, to]);
	}
	return merged;
}

/** What two united lists share. Ends count as inside, so that a single moment may be what is left. */
export function intersectSpans(a: readonly Span[], b: readonly Span[]): Span[] {
	const common: Span[] = [];
	for (let i = 0, j = 0; i < a.length && j < b.length;) {
		const from = Math.max(a[i][0], b[j][0]);
		const to = Math.min(a[i][1], b[j][1]);
		if (from <= to) common.push([from, to]);
		if (a[i][1] < b[j][1]) i++;
		else j++;
	}
	return common;
}

/** What is left of a united list without some others; the edges of what is taken away stay. */
export function subtractSpans(spans: readonly Span[], taken: readonly Span[]): Span[] {
	const remaining: Span[] = [];
	let first = 0;
	for (const [from, to] of spans) {
		while (first < taken.length && taken[first][1] <= from) first++;
		let begin = from;
		for (let i = first; i < taken.length && taken[i][0] < to; i++) {
			if (taken[i][0] >= begin) remaining.push([begin, taken[i][0]]);
			begin = Math.max(begin, taken[i][1]);
		}
		if (begin <= to) remaining.push([begin, to]);
	}
	return remaining;
}

/** Whether a moment lies in a united list, ends included. */
export function containsMoment(spans: readonly Span[], moment: number): boolean {
	let low = 0;
	let high = spans.length - 1;
	while (low <= high) {
		const middle = (low + high) >> 1;
		if (moment < spans[middle][0]) high = middle - 1;
		else if (moment > spans[middle][1]) low = middle + 1;
		else return true;
	}
	return false;
}
