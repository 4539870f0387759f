/** Compares what an update asked for with the event that DingTalk returned: success is not the absence of an error. */
import { isObject } from '../utils/isObject';
import { findChangedFields, type EventState } from './compareEvent';

/** The fields of an update that the returned event shows not to be set. A field that was not returned says nothing. */
export function findUnappliedFields(requested: Record<string, unknown>, returned: Record<string, unknown>): string[] {
	const isReturned = (field: string): boolean => returned[field] !== undefined;
	const known = Object.fromEntries(Object.entries(requested).filter(([field]) => isReturned(field)));
	const { recurrence, ...others } = known;
	// An empty rule asks for a single event, so any rule that is still there is a difference.
	const keepsRule = 'recurrence' in requested && !requested.recurrence && isFilledRule(returned.recurrence);
	const desired = { ...others, ...(recurrence ? { recurrence } : {}) } as EventState;
	const withTimes =
		desired.start === undefined || desired.end === undefined ? { ...desired, ...timesOf(returned) } : desired;
	const changed = Object.keys(findChangedFields(returned as EventState, withTimes)).filter(
		(field) => field in requested && field !== 'isAllDay',
	);
	return [...changed, ...(keepsRule ? ['recurrence'] : [])];
}

/** A single event may have an empty rule. */
const isFilledRule = (rule: unknown): boolean => isObject(rule) && Object.keys(rule).length > 0;

/** An update of one end, or of none, leaves the times to the event. */
const timesOf = ({ start, end }: Record<string, unknown>): Pick<EventState, 'start' | 'end'> =>
	({ start, end }) as Pick<EventState, 'start' | 'end'>;
