/** What items that write have returned: an item that has succeeded is not done again when n8n retries the node because of another one. */
import type { IDataObject } from 'n8n-workflow';
import { hashText } from '../dingtalk/utils/hash';
import { WeighedLruMap } from '../dingtalk/utils/lru';
import { ResultWithFile, type OperationResult } from './Operation';

const MAX_CHARACTERS = 20_000_000;
const ENTRY_CHARACTERS = 300;

interface FinishedItem {
	/** As JSON, which nothing changes that gets it. */
	results: string;
	hints: string[];
}

const finishedItems = new WeighedLruMap<string, FinishedItem>(
	MAX_CHARACTERS,
	({ results }) => results.length + ENTRY_CHARACTERS,
);

/** The finished items of a node; a node whose parameters were edited before it is retried has others. */
export class FinishedItems {
	private readonly parameters: string;

	constructor(parameters: unknown) {
		this.parameters = hashText(JSON.stringify(parameters), 16);
	}

	get(work: string): { results: OperationResult[]; hints: string[] } | undefined {
		const finished = finishedItems.get(`${work} ${this.parameters}`);
		return finished && { results: JSON.parse(finished.results) as IDataObject[], hints: finished.hints };
	}

	has(work: string): boolean {
		return finishedItems.has(`${work} ${this.parameters}`);
	}

	/** Files are not kept: no operation that writes returns one. */
	add(work: string, results: OperationResult[], hints: string[]): void {
		if (results.some((result) => result instanceof ResultWithFile)) return;
		finishedItems.set(`${work} ${this.parameters}`, { results: JSON.stringify(results), hints });
	}
}
