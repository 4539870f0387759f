/** Turns errors into n8n errors: what happened to which item, what to do next, then DingTalk's own text. */
import { NodeApiError, NodeOperationError, type IDataObject, type INode, type JsonObject } from 'n8n-workflow';
import { AccountError } from '../dingtalk/account';
import { PartialFailureError, peopleOf, type Change } from '../dingtalk/errors/PartialFailureError';
import { LeftoverEventError, NotBookedError, shownSteps, type BookingStep } from '../dingtalk/rooms/bookingOutcome';
import { DingTalkError } from '../dingtalk/errors/DingTalkError';
import { shorten, shortenWords } from '../dingtalk/utils/text';
import { InputError } from './InputError';
import { catalogue } from '../locale/catalogue';
import { joinClauses, joinSentences, lowerFirst, t } from '../locale/t';

export type NodeFailure = NodeApiError | NodeOperationError;

interface ErrorText {
	message: string;
	description: string;
	/** The same as data, for workflows that continue on fail. */
	details: IDataObject;
	httpCode?: string;
}

const formatSteps = (steps: BookingStep[]): string =>
	t`Steps: ${joinClauses(shownSteps(steps).map(({ step, subject, outcome }) => t`${step} ${subject}: ${outcome}`))}.`;

/** Errors from elsewhere may contain what the code worked on. */
const MAX_FOREIGN_LENGTH = 500;

const CANCELED = t`The execution was canceled`;

/** Stopping the execution, or its time limit, has ended the work. */
const isAbort = ({ name }: Error): boolean => name === 'AbortError';

function describeNotBooked(error: NotBookedError): ErrorText {
	const reason = error.cause && describeError(error.cause);
	const advice = reason?.description ?? t`Choose another time or other rooms, or relax the conditions.`;
	return {
		message: t`The meeting was not booked: ${lowerFirst(reason?.message ?? error.reason)}`,
		description: joinSentences(
			t`This attempt has left no event and no room booking.`,
			advice,
			formatSteps(error.steps),
		),
		details: { kind: 'notBooked', ...reason?.details, advice, steps: shownSteps(error.steps) },
		httpCode: reason?.httpCode,
	};
}

/** As of any half-done work, with the steps of the booking. */
function describeLeftover(error: LeftoverEventError): ErrorText {
	const text = describePartialFailure(error);
	const steps = shownSteps(error.steps);
	return {
		...text,
		description: joinSentences(text.description, steps.length > 0 && formatSteps(error.steps)),
		details: { kind: 'leftBehind', ...text.details, steps },
	};
}

/** What says to run it again: part of a sentence, or from where on a sentence does. */
const RERUN = {
	en: { stop: '.', part: /,? and (?:run this|try) again(?=[,.])/gi, rest: /\b(?:run this|try) again\b/i },
	'zh-CN': { stop: '。', part: /，(?:然后|并|再)?(?:重新运行|重试)(?=[，。])/g, rest: /^(?=.*(?:重新运行|重试))/s },
}[catalogue.language];

/** Advice to run it again is left out: it would repeat what is done. */
function withoutRerun(advice: string): string {
	const { stop, part, rest } = RERUN;
	const sentences = advice.replace(part, '').split(stop);
	const unfinished = sentences.pop() ?? '';
	const kept = sentences.map((sentence) => {
		const start = sentence.search(rest);
		return start < 0 ? sentence + stop : sentence.slice(0, start).trimEnd();
	});
	return [...kept, unfinished].join('').trim();
}

/** The IDs of the people, or what was to be done where it is not about people. */
function idsOf(changes: Change[]): string[] {
	const people = peopleOf(changes);
	return people.length > 0 ? people : changes.map(({ what }) => what);
}

/** What a meeting that was not booked says besides its reason holds only where nothing is left of it. */
const describeReason = (error: Error): ErrorText =>
	error instanceof NotBookedError && error.cause === undefined
		? { message: error.reason, description: '', details: { kind: 'notBooked' } }
		: describeError(error);

function describePartialFailure(error: PartialFailureError): ErrorText {
	const { eventId, headline, progress } = error;
	const reason = describeReason(error.reason);
	const short = error.describe('short');
	const full = error.describe('full');
	const advice = joinSentences(error.advice, withoutRerun(String(reason.details.advice ?? '')));
	const raw = error.reason instanceof DingTalkError ? error.reason.rawResponse : '';
	const steps = Object.entries(progress).flatMap(([outcome, changes]: [string, Change[]]) =>
		changes.map(({ what, people }) => ({ step: what, outcome, people: people?.map((one) => ({ ...one })) })),
	);
	return {
		message: joinSentences(t`${headline}: ${lowerFirst(reason.message)}.`, short),
		description: joinSentences(full !== short && full, advice, raw),
		details: {
			...reason.details,
			partial: true,
			advice,
			eventId,
			done: idsOf(progress.done),
			unknown: progress.unknown.length > 0 ? idsOf(progress.unknown) : undefined,
			notDone: idsOf(progress.notDone),
			steps,
		},
		httpCode: reason.httpCode,
	};
}

function describeError(error: Error): ErrorText {
	if (error instanceof NotBookedError) return describeNotBooked(error);
	if (error instanceof LeftoverEventError) return describeLeftover(error);
	if (error instanceof PartialFailureError) return describePartialFailure(error);
	if (error instanceof DingTalkError) {
		const {
			advice,
			code,
			text,
			requestId,
			status,
			scopes,
			resumeAt: goOnAt,
			notSent: unsent,
			mayBeDone,
		} = error.details;
		return {
			message: unsent ? t`Not sent: ${lowerFirst(error.message)}` : error.message,
			description: joinSentences(advice, error.rawResponse),
			details: {
				kind: error.kind,
				advice,
				code,
				text,
				requestId,
				status,
				scopes: scopes?.length ? scopes : undefined,
				goOnAt,
				sent: unsent ? false : undefined,
				mayBeDone,
			},
			httpCode: status === undefined ? undefined : String(status),
		};
	}
	if (error instanceof InputError) {
		return {
			message: error.message,
			description: error.advice,
			details: { kind: 'input', field: error.field, advice: error.advice },
		};
	}
	if (error instanceof AccountError) {
		const advice = t`Open the credential and correct it.`;
		return { message: error.message, description: advice, details: { kind: 'credentials', advice } };
	}
	if (isAbort(error)) return { message: CANCELED, description: '', details: { kind: 'canceled' } };
	const advice = t`This error does not come from DingTalk. If the cause is unclear, please report it with the steps to reproduce it.`;
	return {
		message: shorten(error.message, MAX_FOREIGN_LENGTH),
		description: advice,
		details: { kind: 'other', advice },
	};
}

/** The error of a stopped execution. By the word in the message, n8n ends the execution as canceled instead of failed. */
export function toCancellation(node: INode, error: Error, progress: string, usage: string): NodeOperationError {
	const { message: reason, description } = describeError(error);
	const message = /\bcanceled\b/.test(reason) ? reason : t`${CANCELED}. ${reason}`;
	return new NodeOperationError(node, message, {
		message,
		description: joinSentences(progress, description, usage),
		level: 'warning',
	});
}

export class Failure {
	constructor(
		readonly error: NodeFailure,
		/** The output of the item when the workflow continues on fail. */
		readonly json: IDataObject,
	) {}
}

const withoutEmptyValues = (data: IDataObject): IDataObject =>
	Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined && value !== ''));

/**
 * `itemIndex` is undefined where there are no items, as in triggers. `progress` says which items were done when this error
 * ended the run, `usage` how many calls it used.
 */
export function toFailure(node: INode, error: Error, itemIndex?: number, progress = '', usage = ''): Failure {
	// n8n's own errors, such as that of an expression, already name their item.
	if (error instanceof NodeOperationError || error instanceof NodeApiError) {
		return new Failure(error, { error: error.message });
	}
	const text = describeError(error);
	const shown = shortenWords(text.message);
	const message = itemIndex === undefined ? shown : t`${shown} [Item ${itemIndex}]`;
	const description = joinSentences(progress, text.description, usage);
	const options = { message, description, itemIndex };
	const nodeError =
		error instanceof DingTalkError || error instanceof PartialFailureError || error instanceof NotBookedError
			? new NodeApiError(node, {} as JsonObject, { ...options, httpCode: text.httpCode })
			: new NodeOperationError(node, message, options);
	// n8n replaces a message that contains letters such as "eperm" with a stock phrase, so the message is set again.
	nodeError.message = message;
	const json: IDataObject = { error: message, message: text.description };
	// By the keys n8n tells which items go to the error output; versions before 2.41 do not accept `details` among them.
	if (node.onError !== 'continueErrorOutput') json.details = withoutEmptyValues(text.details);
	return new Failure(nodeError, json);
}
