/** Formats ranges of items and the progress of a run for people. */
import { joinSentences, joinWords, t } from '../locale/t';

/** Such as `0–4, 7, 9–10`: items as n8n counts them. */
export function formatRanges(numbers: number[]): string {
	const spans: Array<{ from: number; to: number }> = [];
	for (const number of numbers) {
		const last = spans[spans.length - 1];
		if (last?.to === number - 1) last.to = number;
		else spans.push({ from: number, to: number });
	}
	return joinWords(spans.map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`)));
}

/** How far an item got; of one that is open, something is done or may be. */
export type ItemState = 'done' | 'open' | 'notDone';

/** Which items were done before an error ended the run; empty for a single item, which the error itself names. */
export function describeProgress(states: ItemState[]): string {
	if (states.length < 2) return '';
	const part = (label: string, state: ItemState): string[] => {
		const list = states.flatMap((one, index) => (one === state ? [index] : []));
		return list.length > 0
			? [list.length === 1 ? t`${label}: item ${list[0]}.` : t`${label}: items ${formatRanges(list)}.`]
			: [];
	};
	return states.every((state) => state === 'notDone')
		? t`None of the ${states.length} items is done.`
		: joinSentences(
				...part(t`Done`, 'done'),
				...part(t`Unknown or done in part`, 'open'),
				...part(t`Not done`, 'notDone'),
			);
}
