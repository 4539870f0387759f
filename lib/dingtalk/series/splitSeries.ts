/**
 * Ends a series before one of its dates and, for a change, begins another one from that date. Either both parts are made, or
 * the series is put back as it was, or the error says what exists.
 */
import { findMatchingEvents } from '../events/matchingEvents';
import { api } from '../endpoints';
import { DingTalkError } from '../errors/DingTalkError';
import type { EventContext } from '../events/attendees';
import { EVEN_WHEN_ABORTED } from '../client/types';
import { createEvent, inviteRemaining, type CreatedEvent } from '../events/createEvent';
import { findUnappliedFields } from '../events/findUnappliedFields';
import type { Occurrence } from '../events/occurrences';
import type { SplitState } from './seriesAttempts';
import type { SecondPart, SeriesDetails } from './seriesContent';
import { cleanRule, originOf, ruleBefore, type Series, type SeriesCut } from './seriesCut';
import { PartialFailureError, peopleOf, type Change } from '../errors/PartialFailureError';
import type { DateException } from './compareDate';
import { remakeExceptions, restoreExceptions } from './remakeExceptions';
import { bookRoomsAgain } from './roomsAgain';
import { settle } from '../errors/settle';
import { joinSentences, t } from '../../locale/t';

export interface SplitRequest {
	/** The series as a whole. */
	context: EventContext;
	series: Series & SeriesDetails;
	cut: SeriesCut;
	zone: string;
	/** Single dates that differ: of the first part, which have to stay, and of the second part. */
	exceptions: { before: DateException[]; after: DateException[] };
	/** Settings for the notifications about the end of the series. */
	extra?: Record<string, unknown>;
	/** Undefined ends the series only. */
	next?: SecondPart;
	state: SplitState;
}

export interface SplitResult {
	event?: CreatedEvent;
	notKept: string[];
}

const isUnknown = (error: Error): boolean =>
	!(error instanceof DingTalkError) || error.isOutcomeUnknown || ['done', 'inProgress', 'unclear'].includes(error.kind);

const dateOf = ({ start }: Occurrence): string => start.slice(0, 10);

const toChanges = (sentences: string[]): Change[] => sentences.map((what) => ({ what }));

/** `done` says what the calendar is like now, `notDone` what was asked for and is not there, or may not be there. */
const seriesPartialFailure = (
	reason: Error,
	done: string[],
	notDone: string[],
	advice: string,
	eventId?: string,
): PartialFailureError =>
	new PartialFailureError({
		reason,
		done: toChanges(done),
		unknown: [],
		notDone: toChanges(notDone),
		advice,
		eventId,
		headline: t`The series was changed only in part`,
	});

class Split {
	constructor(private readonly request: SplitRequest) {}

	async run(): Promise<SplitResult> {
		const { next, state } = this.request;
		await this.endFirstPart();
		const event = next && (await this.beginSecondPart(next));
		await this.finish(event, next);
		return { event, notKept: state.notKept };
	}

	private key(purpose: string, about: unknown): string {
		return this.request.context.idempotencyKey(`${purpose} ${this.request.state.number}`, about);
	}

	private get name(): string {
		return `'${this.request.series.summary ?? ''}'`;
	}

	private get endedSentence(): string {
		const { cut } = this.request;
		return t`the series ${this.name} ends on ${cut.previous ? dateOf(cut.previous) : ''}`;
	}

	private async setRule(purpose: string, body: Record<string, unknown>): Promise<Error | undefined> {
		const { client, path } = this.request.context;
		const sent = { id: path.eventId, ...body };
		const answer = await settle(
			client.request<Record<string, unknown>>(api.updateEvent, {
				path,
				body: sent,
				idempotencyKey: this.key(purpose, sent),
				...EVEN_WHEN_ABORTED,
			}),
		);
		if (client.isPreview) return undefined;
		if (!(answer instanceof Error))
			return findUnappliedFields(body, answer).unapplied.length > 0 ? notApplied() : undefined;
		if (!isUnknown(answer)) return answer;
		const now = await settle(
			client.request<Record<string, unknown>>(api.getEvent, { path, query: { maxAttendees: 1 }, ...EVEN_WHEN_ABORTED }),
		);
		if (now instanceof Error || now.recurrence === undefined) return new UnknownRuleError(answer);
		return findUnappliedFields({ recurrence: body.recurrence }, now).unapplied.length > 0 ? answer : undefined;
	}

	private async endFirstPart(): Promise<void> {
		const { context, series, cut, zone, extra, next, state } = this.request;
		if (state.isEnded) return;
		// What cannot be created today is not made room for.
		if (next) context.client.throwIfImpossible(api.createEvent, context.path);
		context.client.signal?.throwIfAborted();
		const failure = await this.setRule('end', {
			recurrence: ruleBefore(series, cut, zone),
			...(extra ? { extra } : {}),
		});
		if (failure instanceof UnknownRuleError) {
			throw seriesPartialFailure(
				failure.reason,
				[t`it is unknown whether ${this.endedSentence}`],
				next ? [t`the new series from ${dateOf(cut.at)}`] : [],
				t`Open the series in DingTalk to see where it ends. Nothing else was changed.`,
			);
		}
		if (failure) throw failure;
		state.isEnded = true;
	}

	private async beginSecondPart({ content, attendees }: SecondPart): Promise<CreatedEvent> {
		const { context, state } = this.request;
		if (state.event) return state.event;
		const { client, path } = context;
		const event = await settle(
			createEvent({
				client,
				path,
				content,
				attendees,
				// The same in each try: a request of an earlier one may still be carried out.
				idempotencyKey: context.idempotencyKey('begin', content),
				...EVEN_WHEN_ABORTED,
			}),
		);
		if (!(event instanceof Error)) return (state.event = event);
		const found = await settle(findMatchingEvents(client, { path, body: content, ...EVEN_WHEN_ABORTED }));
		if (!isUnknown(event)) {
			// With the series as it was, the dates of one that another process has made meanwhile would be there twice.
			if (!(found instanceof Error) && found.length > 0) throw this.foundAnother(event, found);
			// The dates would be lost otherwise; those that are there twice can be seen.
			return await this.putBack(event, found instanceof Error ? this.uncheckedSentence : '');
		}
		if (!(found instanceof Error) && found.length === 1) return (state.event = { ...found[0] });
		if (!(found instanceof Error) && found.length === 0) {
			return await this.putBack(
				event,
				t`The request for the new series got no response; if it appears later, delete it.`,
			);
		}
		throw this.partialFailure(event, [t`the new series from ${dateOf(this.request.cut.at)}, which may exist anyway`]);
	}

	private get uncheckedSentence(): string {
		const day = dateOf(this.request.cut.at);
		return t`It could not be checked whether another execution has created the new series from ${day}. If it has, its dates are there twice: delete one of the two.`;
	}

	private foundAnother(reason: Error, found: Array<{ id: string }>): PartialFailureError {
		const day = dateOf(this.request.cut.at);
		const others = found.map(({ id }) => t`another series like the new one begins on ${day} (ID ${id})`);
		return seriesPartialFailure(
			reason,
			[this.endedSentence, ...others],
			[t`the new series from ${day}`],
			t`Another execution may have made this change at the same time. Open both series in DingTalk. If they are as you want them, nothing needs to be done. Otherwise, set the end of the first one again, or create the new one.`,
		);
	}

	/** The second part does not exist, so the first one gets its old end again. */
	private async putBack(reason: Error, warning: string): Promise<never> {
		const { context, series, exceptions, state } = this.request;
		const failure = await this.setRule('put back', { recurrence: cleanRule(series.recurrence) });
		const missing = t`the new series from ${dateOf(this.request.cut.at)}`;
		if (failure) {
			// Ending the series may have undone the changes of earlier dates, and those of later ones are gone with it.
			const dates = [...exceptions.before, ...exceptions.after].map(({ planned }) => dateOf(planned));
			throw this.partialFailure(reason, [
				missing,
				t`the old end of the series (${failure.message})`,
				...dates.map((date) => t`the change of the single date ${date}`),
			]);
		}
		state.isEnded = false;
		const all = [...exceptions.before, ...exceptions.after];
		const lost = await settle(restoreExceptions({ context, series, exceptions: all, state }));
		state.number++;
		const notRestored =
			lost instanceof Error ? all.map(({ planned }) => t`the change of the single date ${dateOf(planned)}`) : lost;
		if (notRestored.length > 0) {
			throw seriesPartialFailure(
				reason,
				[t`the series ${this.name} was put back to its old end`],
				[missing, ...notRestored],
				joinSentences(t`Check these dates in DingTalk.`, warning),
			);
		}
		throw reason instanceof DingTalkError
			? new DingTalkError({
					...reason.details,
					advice: joinSentences(reason.details.advice, t`The series ${this.name} is as it was.`, warning),
				})
			: reason;
	}

	private partialFailure(reason: Error, notDone: string[]): PartialFailureError {
		const { state, cut } = this.request;
		const done = [
			this.endedSentence,
			...(state.event ? [t`a new series begins on ${dateOf(cut.at)} (ID ${state.event.id})`] : []),
			...state.done,
		];
		const advice = state.event
			? t`Make the rest by hand, or let n8n do it: with 'Retry On Fail' in the node's settings it continues where it stopped.`
			: t`In DingTalk, set the end of the series again or create the new series. With 'Retry On Fail' in the node's settings, n8n continues where it stopped.`;
		return seriesPartialFailure(reason, done, [...notDone, ...state.notKept], advice, state.event?.id);
	}

	/** What follows when both parts exist; an outage ends it with what is missing. */
	private async finish(event: CreatedEvent | undefined, next: SecondPart | undefined): Promise<void> {
		const { context, series, exceptions, state } = this.request;
		const eventContext = event && { ...context, path: { ...context.path, eventId: event.id } };
		const rooms = (series.meetingRooms ?? []).filter(({ responseStatus }) => responseStatus !== 'declined');
		const steps: Array<{ name: string; isNeeded: boolean; run: () => Promise<string[]> }> = [
			{
				name: t`everyone is invited`,
				isNeeded: next !== undefined && next.attendees.length > api.createEvent.maxBatch,
				run: async () => {
					if (event && next && eventContext) {
						await inviteRemaining(
							async () => await Promise.resolve(eventContext),
							event.id,
							next.attendees,
							next.notify,
						);
					}
					return [];
				},
			},
			{
				name: t`rooms are booked again`,
				isNeeded: next !== undefined && rooms.length > 0,
				run: async () => (eventContext ? await bookRoomsAgain(eventContext, rooms, `rooms ${state.number}`) : []),
			},
			{
				name: t`changes of single dates before it are kept`,
				isNeeded: exceptions.before.length > 0,
				run: async () => await restoreExceptions({ context, series, exceptions: exceptions.before, state }),
			},
			{
				name: t`changes of single dates after it are kept`,
				isNeeded: next !== undefined && exceptions.after.length > 0,
				run: async () =>
					next && eventContext
						? await remakeExceptions({ context: eventContext, next, exceptions: exceptions.after, state })
						: [],
			},
		];
		const needed = steps.filter(({ isNeeded, name }) => isNeeded && !state.done.has(name));
		for (const [index, { name, run }] of needed.entries()) {
			const notKept = await settle(run());
			if (notKept instanceof Error) {
				const reason = notKept instanceof PartialFailureError ? notKept.reason : notKept;
				const notDone = notKept instanceof PartialFailureError ? peopleOf(notKept.progress.notDone) : [];
				const missing = needed.slice(index).map((step) => t`that ${step.name}`);
				throw this.partialFailure(reason, [...missing, ...notDone]);
			}
			state.notKept.push(...notKept);
			state.done.add(name);
		}
	}
}

class UnknownRuleError extends Error {
	constructor(readonly reason: Error) {
		super(reason.message);
	}
}

const notApplied = (): DingTalkError =>
	new DingTalkError({
		kind: 'input',
		message: t`DingTalk accepted the new end of the series but did not change it`,
		advice: t`End the series in DingTalk. Nothing was changed.`,
	});

export const splitSeries = async (request: SplitRequest): Promise<SplitResult> => await new Split(request).run();

/** The dates before and from the cut. */
export const partition = (exceptions: DateException[], { at }: SeriesCut): SplitRequest['exceptions'] => ({
	before: exceptions.filter(({ planned }) => originOf(planned) < originOf(at)),
	after: exceptions.filter(({ planned }) => originOf(planned) >= originOf(at)),
});
