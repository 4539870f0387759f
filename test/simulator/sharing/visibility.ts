/** Filters responses by the privilege of a share. */
import { isFields, type Fields } from '../fields';
import type { OpenCalendar } from './openCalendar';

/** The fields about time. */
const TIMES = ['id', 'status', 'isAllDay', 'start', 'end', 'originStart', 'recurrence', 'seriesMasterId'];

const FIELDS_OF: Partial<Record<OpenCalendar['privilege'], string[]>> = {
	free_busy_reader: TIMES,
	title_reader: [...TIMES, 'summary'],
};

/** Filters a response that was built for the owner of a calendar for a user it is shared with. */
export function filterForReader(reader: string, privilege: OpenCalendar['privilege'], answer: unknown): unknown {
	if (!isFields(answer)) return answer;
	if (Array.isArray(answer.events)) {
		return { ...answer, events: answer.events.map((event: unknown) => filterForReader(reader, privilege, event)) };
	}
	const allowed = FIELDS_OF[privilege];
	const shown = Object.entries(answer).filter(([name]) => allowed === undefined || allowed.includes(name));
	return Object.fromEntries(shown.map(([name, value]) => [name, withReaderAsSelf(reader, value)]));
}

/** `self` refers to the reader, not to the owner of the calendar. */
export function withReaderAsSelf(reader: string, value: unknown): unknown {
	if (Array.isArray(value)) return value.map((entry: unknown) => withReaderAsSelf(reader, entry));
	return isFields(value) && 'self' in value ? ({ ...value, self: value.id === reader } satisfies Fields) : value;
}
