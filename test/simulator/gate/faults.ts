import { setTimeout as sleep } from 'node:timers/promises';
import { fieldsOf, isFields, numberOf, textOf } from '../fields';
import { nameless, type Router } from './router';

/** The call does not run; the connection or somebody in front of DingTalk answers. */
const BEFORE = [
	'throttleQps',
	'throttleQpm',
	'status',
	'dropBeforeCommit',
	'hangBeforeCommit',
	'html',
	'banned',
] as const;
/** The call runs, and the answer suffers. */
const AFTER = [
	'dropAfterCommit',
	'hangAfterCommit',
	'delay',
	'truncate',
	'emptyBody',
	'wrongContentType',
	'slowBody',
] as const;
/** The presented token goes bad, so that the call is refused in the usual way. */
const TOKEN = ['expireToken', 'revokeToken'] as const;

const ACTIONS = [...BEFORE, ...AFTER, ...TOKEN] as const;

export type FaultAction = (typeof ACTIONS)[number];

export interface FaultRule {
	match: { method?: string; path?: string; nth?: number; every?: number; times?: number };
	do: FaultAction;
	status?: number;
	code?: string;
	message?: string;
	body?: unknown;
	delayMs?: number;
}

interface ArmedRule {
	rule: FaultRule;
	/** Calls that matched method and path. */
	matched: number;
	/** Calls that were harmed. */
	hits: number;
}

export class InvalidRule extends Error {}

export class Faults {
	private armed: ArmedRule[] = [];
	private lifted = new AbortController();

	add(rules: FaultRule[]): void {
		this.armed.push(...rules.map((rule) => ({ rule, matched: 0, hits: 0 })));
	}

	/** Calls that a delay holds up go on at once. */
	clear(): void {
		this.armed = [];
		this.lifted.abort();
		this.lifted = new AbortController();
	}

	async sitOut({ delayMs }: FaultRule): Promise<void> {
		await sleep(delayMs, undefined, { ref: false, signal: this.lifted.signal }).catch(() => undefined);
	}

	list(): Array<FaultRule & { matched: number; hits: number }> {
		return this.armed.map(({ rule, matched, hits }) => ({ ...rule, matched, hits }));
	}

	/** Every rule counts the calls it matches; of those whose turn it is, the first added acts. */
	strike(method: string, path: string, template: string | undefined, router: Router): FaultRule | undefined {
		const due = this.armed.filter((armed) => {
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

function isDue({ rule: { match }, matched, hits }: ArmedRule): boolean {
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

/** The pattern may be a route's template, a path with `*`, the real path of a call, or any part of a path. */
function pathMatches(pattern: string, path: string, template: string | undefined, router: Router): boolean {
	const candidates = [path, ...(template === undefined ? [] : [nameless(template)])];
	const wanted = nameless(pattern);
	if (router.templates.has(wanted)) return template !== undefined && nameless(template) === wanted;
	if (pattern.includes('*')) {
		const expression = new RegExp(`^${wanted.split('*').map(escaped).join('.*')}$`);
		return candidates.some((candidate) => expression.test(candidate));
	}
	// A complete path must not also strike the calls below it, as a mere part of a path would.
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
	if (!isFields(raw)) throw new InvalidRule('A fault rule is an object {match: {…}, do: "…"}.');
	const action = ACTIONS.find((known) => known === raw.do);
	if (action === undefined) throw new InvalidRule(`"do" must be one of: ${ACTIONS.join(', ')}.`);
	if (raw.match !== undefined && !isFields(raw.match)) throw new InvalidRule('"match" must be an object.');
	const match = fieldsOf(raw.match);
	const unknown = Object.keys(match).find((key) => !['method', 'path', 'nth', 'every', 'times'].includes(key));
	if (unknown !== undefined)
		throw new InvalidRule(`"match" knows method, path, nth, every and times, not "${unknown}".`);
	const delayMs = count(raw, 'delayMs', 0);
	if ((action === 'delay' || action === 'slowBody') && delayMs === undefined) {
		throw new InvalidRule(`"${action}" needs "delayMs".`);
	}
	const status = count(raw, 'status', 200);
	if (action === 'status' && (status === undefined || status > 599)) {
		throw new InvalidRule('"status" needs "status", an HTTP status from 200 to 599.');
	}
	return {
		match: {
			method: text(match, 'method'),
			path: text(match, 'path'),
			nth: count(match, 'nth', 1),
			every: count(match, 'every', 1),
			times: count(match, 'times', 1),
		},
		do: action,
		status,
		code: text(raw, 'code'),
		message: text(raw, 'message'),
		delayMs,
		...(raw.body === undefined ? {} : { body: raw.body }),
	};
}

function count(fields: Record<string, unknown>, name: string, minimum: number): number | undefined {
	if (fields[name] === undefined) return undefined;
	const value = numberOf(fields, name);
	if (value === undefined || value < minimum)
		throw new InvalidRule(`"${name}" must be a whole number from ${minimum}.`);
	return value;
}

function text(fields: Record<string, unknown>, name: string): string | undefined {
	if (fields[name] === undefined) return undefined;
	const value = textOf(fields, name);
	if (value === undefined) throw new InvalidRule(`"${name}" must be text that is not empty.`);
	return value;
}
