/** Interval arithmetic on plain milliseconds, because luxon's intervals are a hundred times slower. */

/** From (inclusive) to (exclusive), unless stated otherwise. */
export type Span = readonly [from: number, to: number];

/** The spans sorted, with overlapping and adjacent ones merged. */
export function mergeSpans(spans: readonly Span[]): Span[] {
	const merged: Array<[number, number]> = [];
	for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
		const last = merged.at(-1);
		if (last && from <= last[1]) last[1] = Math.max(last[1], to);
		else merged.push([from, to]);
	}
	return merged;
}

/** The intersection of two merged lists. Ends are inclusive, so a result may be a single moment. */
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

/** A merged list minus other spans; the edges of the removed spans stay. */
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

/** Whether a moment lies in one of the merged spans, ends included. */
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
