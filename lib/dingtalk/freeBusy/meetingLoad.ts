/** Whose turn it is: the people with the fewest meetings in a period, then those who have not met for the longest time. */
import { readTimedSpans, type BusyContext } from './busySpans';
import type { Schedule } from './schedules';
import type { Span } from './intervals';

export interface MeetingLoad {
	id: string;
	/** The meetings that overlap the period; all-day events are not counted. */
	meetings: number;
	/** The end of the last meeting before the period, as far back as the schedule was read. */
	lastMet?: number;
}

/** The next in turn first; ties keep their order. People whose calendar cannot be read come last. */
export function orderByMeetingLoad(
	schedules: readonly Schedule[],
	[from, to]: Span,
	contextOf: (id: string) => BusyContext,
): MeetingLoad[] {
	return schedules
		.map((schedule) => {
			const spans = readTimedSpans(schedule, contextOf(schedule.id));
			const past = spans.filter(([, end]) => end <= from).map(([, end]) => end);
			const turn: MeetingLoad = {
				id: schedule.id,
				meetings: spans.filter(([begin, end]) => begin < to && end > from).length,
				lastMet: past.length > 0 ? past.reduce((a, b) => Math.max(a, b)) : undefined,
			};
			return { turn, isUnreadable: schedule.error !== undefined };
		})
		.sort(
			(a, b) =>
				Number(a.isUnreadable) - Number(b.isUnreadable) ||
				a.turn.meetings - b.turn.meetings ||
				compareTimes(a.turn.lastMet, b.turn.lastMet),
		)
		.map(({ turn }) => turn);
}

/** Never comes before any time. */
const compareTimes = (a: number | undefined, b: number | undefined): number =>
	a === b ? 0 : (a ?? Number.NEGATIVE_INFINITY) < (b ?? Number.NEGATIVE_INFINITY) ? -1 : 1;
