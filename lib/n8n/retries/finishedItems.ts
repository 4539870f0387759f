/** A cache of the results of items that write, so that a retry of the node does not repeat those that have succeeded. */
import type { IDataObject, INode } from 'n8n-workflow';
import { accountKey, type Account } from '../../dingtalk/account';
import { hashText } from '../../dingtalk/utils/hash';
import { LruMap, WeighedLruMap } from '../../dingtalk/utils/lru';
import { ResultWithFile, type OperationResult } from '../Operation';

const MAX_ACCOUNTS = 100;
/** For each account. */
const MAX_CHARACTERS = 20_000_000;
const ENTRY_CHARACTERS = 300;

interface FinishedItem {
	/** As JSON, which nothing changes that gets it. */
	results: string;
	hints: string[];
	/** Its place among all that was done. */
	number: number;
}

type ItemsByWork = WeighedLruMap<string, FinishedItem>;

/** By account, so that the work of one does not make another one's forgotten. */
const finishedItems = new LruMap<string, ItemsByWork>(MAX_ACCOUNTS);

let lastNumber = 0;

function itemsOf(account: string): ItemsByWork {
	const known =
		finishedItems.get(account) ??
		new WeighedLruMap<string, FinishedItem>(MAX_CHARACTERS, ({ results }) => results.length + ENTRY_CHARACTERS);
	finishedItems.set(account, known);
	return known;
}

/** The finished items of a node; a node whose parameters or account were changed before it is retried has others. */
export class FinishedItems {
	private readonly items: ItemsByWork;
	private readonly settings: string;
	readonly account: string;

	constructor({ parameters }: Pick<INode, 'parameters'>, account: Account) {
		this.account = accountKey(account);
		this.items = itemsOf(this.account);
		this.settings = hashText(JSON.stringify(parameters), 24);
	}

	get(work: string): { results: OperationResult[]; hints: string[] } | undefined {
		const finished = this.items.get(this.keyOf(work));
		return finished && { results: JSON.parse(finished.results) as IDataObject[], hints: finished.hints };
	}

	has(work: string): boolean {
		return this.items.has(this.keyOf(work));
	}

	/** When it was finished, as a number that only grows. */
	numberOf(work: string): number | undefined {
		return this.items.get(this.keyOf(work))?.number;
	}

	nextNumber(): number {
		return ++lastNumber;
	}

	/** Files are not kept: no operation that writes returns one. */
	add(work: string, results: OperationResult[], hints: string[]): void {
		if (results.some((result) => result instanceof ResultWithFile)) return;
		this.items.set(this.keyOf(work), { results: JSON.stringify(results), hints, number: this.nextNumber() });
	}

	private keyOf(work: string): string {
		return `${work} ${this.settings}`;
	}
}
