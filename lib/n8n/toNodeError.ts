/** Errors as n8n shows them: what happened and which item, what to do, and DingTalk's own words last. */
import { NodeApiError, NodeOperationError, type IDataObject, type INode, type JsonObject } from 'n8n-workflow';
import { AccountError } from '../dingtalk/account';
import { PartiallyDoneError } from '../dingtalk/client/batching';
import { LeftBehind, NotBooked, type Step } from '../dingtalk/rooms/bookingOutcome';
import { DingTalkError } from '../dingtalk/errors/DingTalkError';
import { InputError } from './InputError';

export type NodeFailure = NodeApiError | NodeOperationError;

interface ErrorText {
	message: string;
	description: string;
	/** For workflows that go on: the same as data. */
	details: IDataObject;
	httpCode?: string;
}

const lowerFirst = (text: string): string =>
	text.startsWith('DingTalk') ? text : text.charAt(0).toLowerCase() + text.slice(1);

const formatSteps = (steps: Step[]): string =>
	`Steps: ${steps.map(({ step, subject, outcome }) => `${step} ${subject}: ${outcome}`).join('; ')}.`;

function describeBookingError(error: NotBooked | LeftBehind): ErrorText {
	const why = error.why && describeError(error.why);
	const steps = error.steps.map((step) => ({ ...step }));
	if (error instanceof NotBooked) {
		const advice = why?.description ?? 'Choose another time, other rooms, or allow more.';
		return {
			message: `The meeting was not booked: ${lowerFirst(why?.message ?? error.reason)}`,
			description: `Nothing was left behind. ${advice} ${formatSteps(error.steps)}`,
			details: { kind: 'notBooked', ...why?.details, advice, steps },
			httpCode: why?.httpCode,
		};
	}
	const { eventId } = error;
	const advice = eventId
		? `Delete it with 'Delete' of Event in the name of the organizer; the ID is ${eventId}.`
		: "Look into the organizer's calendar at that time. With 'Retry On Fail' in the node's settings, n8n goes on with the same event.";
	return {
		message: eventId
			? `The meeting was not booked, and its event could not be taken back (ID ${eventId}): ${lowerFirst(why?.message ?? '')}`
			: `Whether the event of the meeting was made is not known: ${lowerFirst(why?.message ?? '')}`,
		description: `${advice} ${why?.description ?? ''} ${formatSteps(error.steps)}`,
		details: { kind: 'leftBehind', ...why?.details, advice, eventId, steps },
		httpCode: why?.httpCode,
	};
}

function describeError(error: Error): ErrorText {
	if (error instanceof NotBooked || error instanceof LeftBehind) return describeBookingError(error);
	if (error instanceof PartiallyDoneError) {
		const why = describeError(error.reason);
		return {
			...why,
			message: `${error.progress}: ${why.message}`,
			description: `${why.description} Done: ${error.done.join(', ')}. Not done: ${error.notDone.join(', ')}.`,
			details: { ...why.details, eventId: error.eventId, done: error.done, notDone: error.notDone },
		};
	}
	if (error instanceof DingTalkError) {
		const { advice, code, text, requestId, status, scopes, resumeAt: goOnAt, notSent: unsent } = error.details;
		return {
			message: unsent ? `Not sent: ${lowerFirst(error.message)}` : error.message,
			description: [advice, error.rawResponse].filter((part) => part !== '').join(' '),
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
		const advice = 'Open the credential and correct it.';
		return { message: error.message, description: advice, details: { kind: 'credentials', advice } };
	}
	const advice =
		'This does not come from DingTalk. If you cannot tell why, please report it with the steps that led to it.';
	return { message: error.message, description: advice, details: { kind: 'other', advice } };
}

export class Failure {
	constructor(
		readonly error: NodeFailure,
		/** What goes out for the item when the workflow carries on. */
		readonly json: IDataObject,
	) {}
}

const withoutEmptyValues = (data: IDataObject): IDataObject =>
	Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined && value !== ''));

/**
 * `itemIndex` is left out where there are no items, as in triggers. `extent` says how far the run came that this error
 * ended, `bill` what it took.
 */
export function toFailure(node: INode, error: Error, itemIndex?: number, extent = '', bill = ''): Failure {
	// The expression that n8n could not work out already knows its item.
	if (error instanceof NodeOperationError || error instanceof NodeApiError) {
		return new Failure(error, { error: error.message });
	}
	const told = describeError(error);
	const message = itemIndex === undefined ? told.message : `${told.message} [Item ${itemIndex}]`;
	const description = [extent, told.description, bill].filter((part) => part !== '').join(' ');
	const options = { message, description, itemIndex };
	const nodeError =
		error instanceof DingTalkError ||
		error instanceof PartiallyDoneError ||
		error instanceof LeftBehind ||
		error instanceof NotBooked
			? new NodeApiError(node, {} as JsonObject, { ...options, httpCode: told.httpCode })
			: new NodeOperationError(node, message, options);
	// n8n replaces a message that happens to contain letters such as "eperm" by a stock phrase; said again, it stays.
	nodeError.message = message;
	const json: IDataObject = { error: message, message: told.description };
	// By its keys n8n tells which items go to the error output; versions before 2.41 do not know `details` among them.
	if (node.onError !== 'continueErrorOutput') json.details = withoutEmptyValues(told.details);
	return new Failure(nodeError, json);
}
