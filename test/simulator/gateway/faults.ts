/** Fault rules: which calls fail in which way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fieldsOf, isFields, numberOf, textOf } from '../fields';
import { withoutParameterNames, type Router } from './router';

/** The call does not run; the connection or a proxy fails. */
const BEFORE_CALL = [
	'throttleQps',
	'throttleQpm',
	'status',
	'dropBeforeCommit',
	'hangBeforeCommit',
	'html',
	'banned',
] as const;
/** The call runs, but its response is delayed, damaged or lost. */
const AFTER_CALL = [
	'dropAfterCommit',
	'hangAfterCommit',
	'delay',
	'truncate',
	'emptyBody',
	'wrongContentType',
	'slowBody',
] as const;
/** The token of the call becomes invalid, so that the call is refused as usual. */
const ON_TOKEN = ['expireToken', 'revokeToken'] as const;

export const FAULT_ACTIONS = [...BEFORE_CALL, ...AFTER_CALL, ...ON_TOKEN] as const;

export type FaultAction = (typeof FAULT_ACTIONS)[number];

export interface FaultRule {
	match: { method?: string; path?: string; nth?: number; every?: number; times?: number };
	do: FaultAction;
	status?: number;
	code?: string;
	message?: string;
	body?: unknown;
	delayMs?: number;
}

interface ActiveRule {
	rule: FaultRule;
	/** Calls that matched method and path. */
	matched: number;
	/** Calls that the fault was applied to. */
	hits: number;
}

export class InvalidFaultRule extends Error {}

export class Faults {
	private rules: ActiveRule[] = [];
	private delays = new AbortController();

	add(rules: FaultRule[]): void {
		this.rules.push(...rules.map((rule) => ({ rule, matched: 0, hits: 0 })));
	}

	/** Removes all rules; delayed calls continue immediately. */
	clear(): void {
		this.rules = [];
		this.delays.abort();
		this.delays = new AbortController();
	}

	async waitForDelay({ delayMs }: Pick<FaultRule, 'delayMs'>): Promise<void> {
		await sleep(delayMs, undefined, { ref: false, signal: this.delays.signal }).catch(() => undefined);
	}

	list(): Array<FaultRule & { matched: number; hits: number }> {
		return this.rules.map(({ rule, matched, hits }) => ({ ...rule, matched, hits }));
	}

	/** Each rule counts the calls that it matches; of the rules that apply, the first added wins. */
	findFault(method: string, path: string, template: string | undefined, router: Router): FaultRule | undefined {
		const due = this.rules.filter((armed) => {
			if (!matches(armed.rule.match, method, path, template, router)) return false;
			armed.matched += 1;
			return isDue(armed);
		});
		const [first] = due;
		if (first === undefined) return undefined;
		first.hits += 1;
		return first.rule;
	}
}

function isDue({ rule: { match }, matched, hits }: ActiveRule): boolean {
	if (match.times !== undefined && hits >= match.times) return false;
	if (match.nth !== undefined && matched !== match.nth) return false;
	return match.every === undefined || matched % match.every === 0;
}

function matches(
	match: FaultRule['match'],
	method: string,
	path: string,
	template: string | undefined,
	router: Router,
): boolean {
	if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
	return match.path === undefined || pathMatches(match.path, path, template, router);
}

/** The pattern can be a route template, a path with `*`, the full path of a call or any part of a path. */
function pathMatches(pattern: string, path: string, template: string | undefined, router: Router): boolean {
	const candidates = [path, ...(template === undefined ? [] : [withoutParameterNames(template)])];
	const wanted = withoutParameterNames(pattern);
	if (router.templates.has(wanted)) return template !== undefined && withoutParameterNames(template) === wanted;
	if (pattern.includes('*')) {
		const expression = new RegExp(`^${wanted.split('*').map(escaped).join('.*')}$`);
		return candidates.some((candidate) => expression.test(candidate));
	}
	// A full path must not match the paths below it, which a part of a path does.
	if (router.knows(pattern)) return path === pattern;
	return candidates.some((candidate) => candidate.includes(wanted));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Accepts one rule, a list, or `{rules: […]}`. */
export function parseRules(body: unknown): FaultRule[] {
	const list = Array.isArray(body) ? body : Array.isArray(fieldsOf(body).rules) ? fieldsOf(body).rules : [body];
	return (list as unknown[]).map(parseRule);
}

function parseRule(raw: unknown): FaultRule {
	if (!isFields(raw)) throw new InvalidFaultRule('A fault rule is an object {match: {…}, do: "…"}.');
	const action = FAULT_ACTIONS.find((known) => known === raw.do);
	if (action === undefined) throw new InvalidFaultRule(`"do" must be one of: ${FAULT_ACTIONS.join(', ')}.`);
	if (raw.match !== undefined && !isFields(raw.match)) throw new InvalidFaultRule('"match" must be an object.');
	const match = fieldsOf(raw.match);
	const unknown = Object.keys(match).find((key) => !['method', 'path', 'nth', 'every', 'times'].includes(key));
	if (unknown !== undefined)
		throw new InvalidFaultRule(`"match" accepts method, path, nth, every and times, not "${unknown}".`);
	const delayMs = readCount(raw, 'delayMs', 0);
	if ((action === 'delay' || action === 'slowBody') && delayMs === undefined) {
		throw new InvalidFaultRule(`"${action}" requires "delayMs".`);
	}
	const status = readCount(raw, 'status', 200);
	if (action === 'status' && (status === undefined || status > 599)) {
		throw new InvalidFaultRule('"status" requires "status", an HTTP status from 200 to 599.');
	}
	return {
		match: {
			method: readText(match, 'method'),
			path: readText(match, 'path'),
			nth: readCount(match, 'nth', 1),
			every: readCount(match, 'every', 1),
			times: readCount(match, 'times', 1),
		},
		do: action,
		status,
		code: readText(raw, 'code'),
		message: readText(raw, 'message'),
		delayMs,
		...(raw.body === undefined ? {} : { body: raw.body }),
	};
}

function readCount(fields: Record<string, unknown>, name: string, minimum: number): number | undefined {
	if (fields[name] === undefined) return undefined;
	const value = numberOf(fields, name);
	if (value === undefined || value < minimum)
		throw new InvalidFaultRule(`"${name}" must be a whole number from ${minimum}.`);
	return value;
}

function readText(fields: Record<string, unknown>, name: string): string | undefined {
	if (fields[name] === undefined) return undefined;
	const value = textOf(fields, name);
	if (value === undefined) throw new InvalidFaultRule(`"${name}" must be a non-empty string.`);
	return value;
}
