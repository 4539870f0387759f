import { isFields, type Fields } from '../fields';
import type { OpenCalendar } from './openCalendar';

/** What says when, and nothing else. */
const TIMES = ['id', 'status', 'isAllDay', 'start', 'end', 'originStart', 'recurrence', 'seriesMasterId'];

const FIELDS_OF: Partial<Record<OpenCalendar['privilege'], string[]>> = {
	free_busy_reader: TIMES,
	title_reader: [...TIMES, 'summary'],
};

/** An answer made for the owner of a calendar, as somebody else with whom it is shared gets to see it. */
export function shownTo(reader: string, privilege: OpenCalendar['privilege'], answer: unknown): unknown {
	if (!isFields(answer)) return answer;
	if (Array.isArray(answer.events)) {
		return { ...answer, events: answer.events.map((event: unknown) => shownTo(reader, privilege, event)) };
	}
	const allowed = FIELDS_OF[privilege];
	const shown = Object.entries(answer).filter(([name]) => allowed === undefined || allowed.includes(name));
	return Object.fromEntries(shown.map(([name, value]) => [name, withOwnSelf(reader, value)]));
}

/** `self` is whoever reads, and not whose calendar it is. */
export function withOwnSelf(reader: string, value: unknown): unknown {
	if (Array.isArray(value)) return value.map((entry: unknown) => withOwnSelf(reader, entry));
	return isFields(value) && 'self' in value ? ({ ...value, self: value.id === reader } satisfies Fields) : value;
}
