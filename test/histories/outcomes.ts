/** What a run says of each of its items. */
import type { IDataObject, IRun } from 'n8n-workflow';

import { AGENT_NODE, errorOf, itemsOf, TESTED_NODE, type ToolOutcome } from '../engine/harness';

export type Outcome =
	/** Done, with its output where there is one. */
	| { is: 'done'; json?: IDataObject }
	| { is: 'notDone'; text: string }
	/** Says that something may have been done, or was done in part. */
	| { is: 'unknown'; text: string }
	/** Nothing is said. */
	| { is: 'silent' };

/** What nobody can know, and what was done of several steps. */
const MAY_BE_DONE =
	/\bunknown\b|change may have been made|may have been carried out|still processing|already processed|part of this was done|changed only in part|event could not be deleted|left in place/i;

/** What an error says of all items in passing. */
const LISTS = /(Done|Unknown or done in part|Not done): items? [\d–, ]+\./g;

const failed = (text: string): Outcome => ({
	is: MAY_BE_DONE.test(text.replace(LISTS, '')) ? 'unknown' : 'notDone',
	text,
});

export const ofJson = (json: IDataObject): Outcome =>
	typeof json.error === 'string' ? failed(`${json.error} ${String(json.message)}`) : { is: 'done', json };

function ofTool({ response, error, description }: ToolOutcome): Outcome {
	if (response === undefined) return failed(`${error ?? ''} ${description ?? ''}`);
	if (!response.startsWith('[')) return failed(response);
	const [json] = JSON.parse(response) as IDataObject[];
	return ofJson(json);
}

/** Reads `0–2, 4`. */
function numbersIn(text = ''): number[] {
	return [...text.matchAll(/(\d+)(?:–(\d+))?/g)].flatMap(([, from, to = from]) =>
		Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => Number(from) + index),
	);
}

const listed = (word: string, text: string): number[] =>
	numbersIn(new RegExp(`(?:^|[ ;])${word}: items? ([\\d–, ]+)`).exec(text)?.[1]);

/** What an error that ended the run says of all items: of one it is about, of the others in passing. */
export function ofError(text: string, count: number): Outcome[] {
	const about = Number(/\[Item (\d+)\]/.exec(text)?.[1] ?? -1);
	const done = listed('Done', text);
	const notDone = /None of the \d+ items is done/.test(text)
		? Array.from({ length: count }, (_, index) => index)
		: listed('Not done', text);
	const unknown = listed('Unknown or done in part', text);
	return Array.from({ length: count }, (_, index): Outcome => {
		if (index === about && !unknown.includes(index)) return failed(text);
		if (done.includes(index)) return { is: 'done' };
		if (unknown.includes(index)) return { is: 'unknown', text };
		if (notDone.includes(index)) return { is: 'notDone', text };
		return { is: 'silent' };
	});
}

export function outcomesOf(run: IRun, count: number, isTool: boolean): Outcome[] {
	const all = Array.from({ length: count }, (): Outcome => ({ is: 'silent' }));
	const error = errorOf(run);
	if (error) return ofError(`${error.message} ${error.description ?? ''}`, count);
	for (const { json, pairedItem } of itemsOf(run, isTool ? AGENT_NODE : TESTED_NODE)) {
		const { item } = pairedItem as { item: number };
		all[item] = isTool ? ofTool(json as ToolOutcome) : ofJson(json);
	}
	return all;
}
