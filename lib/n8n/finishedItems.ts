/** What items that write have returned: an item that has succeeded is not done again when n8n retries the node because of another one. */
import type { IDataObject, INode } from 'n8n-workflow';
import { accountKey, type Account } from '../dingtalk/account';
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

/** The finished items of a node; a node whose parameters or account were changed before it is retried has others. */
export class FinishedItems {
	private readonly settings: string;

	constructor({ parameters }: INode, account: Account) {
		this.settings = hashText(JSON.stringify([parameters, accountKey(account)]), 24);
	}

	get(work: string): { results: OperationResult[]; hints: string[] } | undefined {
		const finished = finishedItems.get(`${work} ${this.settings}`);
		return finished && { results: JSON.parse(finished.results) as IDataObject[], hints: finished.hints };
	}

	has(work: string): boolean {
		return finishedItems.has(`${work} ${this.settings}`);
	}

	/** Files are not kept: no operation that writes returns one. */
	add(work: string, results: OperationResult[], hints: string[]): void {
		if (results.some((result) => result instanceof ResultWithFile)) return;
		finishedItems.set(`${work} ${this.settings}`, { results: JSON.stringify(results), hints });
	}
}
