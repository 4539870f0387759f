/** Invalid input for every operation: what is wrong with it, and the field and problem that the error names. */
import type { INodeParameters } from 'n8n-workflow';

export const locator = (value: string, mode = 'auto') => ({ __rl: true, mode, value });
export const person = locator('iPkYRT2JqFaiE4fXkiiEiE');
export const anEvent = locator('event-1', 'id');

export const create = (parameters: INodeParameters = {}): INodeParameters => ({
	resource: 'event',
	operation: 'create',
	user: person,
	summary: 'Meeting',
	start: '2026-03-03T10:00',
	end: '2026-03-03T11:00',
	...parameters,
});
export const adding = (additionalFields: INodeParameters): INodeParameters => create({ additionalFields });
export const repeating = (rule: INodeParameters): INodeParameters => adding({ recurrence: { rule } });
export const reminding = (setting: INodeParameters): INodeParameters => adding({ reminders: { setting } });

export const on = (resource: string, operation: string, parameters: INodeParameters = {}): INodeParameters => ({
	resource,
	operation,
	user: person,
	eventId: anEvent,
	...parameters,
});
export const update = (updateFields: INodeParameters, more: INodeParameters = {}): INodeParameters =>
	on('event', 'update', { updateFields, ...more });
export const list = (more: INodeParameters): INodeParameters => ({
	resource: 'event',
	operation: 'getAll',
	user: person,
	...more,
});

/** Values that only an expression can give. */
export const given = (value: unknown): string => `={{ ${JSON.stringify(value)} }}`;

export interface Row {
	says: string;
	parameters: INodeParameters;
	/** The label in the editor. */
	field: string;
	problem: string;
}

const row = (says: string, field: string, problem: string, parameters: INodeParameters): Row => ({
	says,
	field,
	problem,
	parameters,
});

export const ROWS: Row[] = [
	row('an end before the start', 'End', "is before 'Start'", create({ end: '2026-03-03T09:00' })),
	row(
		'a last day before the first',
		'Last Day',
		"is before 'First Day'",
		create({ allDay: true, start: '2026-03-03', end: '2026-03-02' }),
	),
	row('an empty start', 'Start', 'is empty', create({ start: given('') })),
	row('an empty end', 'End', 'is empty', create({ end: given('') })),
	row(
		'30 February',
		'Start',
		'is a date or time that does not exist: 2026-02-30T10:00',
		create({ start: '2026-02-30T10:00' }),
	),
	row(
		'30 February as a day',
		'First Day',
		'is a date or time that does not exist: 2026-02-30',
		create({ allDay: true, start: '2026-02-30', end: '2026-03-02' }),
	),
	row('a date in words', 'Start', 'is not a valid date and time: next Monday', create({ start: 'next Monday' })),
	row('a time without its date', 'Start', 'is not a valid date and time: 10:00', create({ start: '10:00' })),
	row('a day without a time', 'Start', 'has no time of day: 2026-03-03', create({ start: '2026-03-03' })),
	row(
		'times for an all-day event',
		'First Day',
		"has a time of day (10:00), but 'All Day' is on",
		create({ allDay: true }),
	),
	row(
		'a switch that is neither true nor false',
		'All Day',
		'is neither true nor false: perhaps',
		create({ allDay: given('perhaps') }),
	),
	row('a time zone that was added and not chosen', 'Time Zone', 'is empty', adding({ timeZone: locator('', 'list') })),
	row(
		'a time zone that does not exist',
		'Time Zone',
		'is not a known time zone: Asia/Beijing',
		adding({ timeZone: locator('Asia/Beijing', 'id') }),
	),
	row('an empty title', 'Title', 'is empty', create({ summary: given('  ') })),
	row('a title beyond 2048 characters', 'Title', 'is too long: 2049 characters', create({ summary: 'x'.repeat(2049) })),
	row(
		'a description beyond 5000 characters',
		'Description',
		'is too long: 5001 characters',
		adding({ eventDescription: '日'.repeat(5001) }),
	),
	row('a place that is not text', 'Location', 'is not text', adding({ location: given({ city: 'Hangzhou' }) })),

	row(
		'an interval of 0',
		'Interval',
		'must be a whole number from 1 to 365, not 0',
		repeating({ frequency: 'daily', interval: 0 }),
	),
	row(
		'an interval of 366',
		'Interval',
		'must be a whole number from 1 to 365, not 366',
		repeating({ frequency: 'daily', interval: 366 }),
	),
	row(
		'100 times',
		'Number of Times',
		'must be a whole number from 1 to 99, not 100',
		repeating({ frequency: 'daily', interval: 1, ends: 'after', occurrences: 100 }),
	),
	row(
		'both a last day and a number of times',
		'Repeat',
		"has both a 'Last Day' and a 'Number of Times'",
		repeating({ frequency: 'daily', interval: 1, ends: given('onDate'), until: '2026-04-01', occurrences: 5 }),
	),
	row(
		'a week without a day',
		'Days of Week',
		'is empty, but a weekly event needs a day',
		update({ recurrence: { rule: { frequency: 'weekly', interval: 1, daysOfWeek: [] } } }),
	),
	row(
		'a month without a date',
		'Day of Month',
		'is empty, but a monthly event needs a date',
		repeating({ frequency: 'monthlyOnDate', interval: 1, dayOfMonth: given('') }),
	),
	row(
		'day 32 of a month',
		'Day of Month',
		'must be a whole number from 1 to 31, not 32',
		repeating({ frequency: 'monthlyOnDate', interval: 1, dayOfMonth: 32 }),
	),
	row(
		'a last day that is missing',
		'Last Day',
		'is empty',
		repeating({ frequency: 'daily', interval: 1, ends: 'onDate', until: '' }),
	),
	row(
		'a last day before the start',
		'Last Day',
		"is before 'Start'",
		repeating({ frequency: 'daily', interval: 1, ends: 'onDate', until: '2026-03-02' }),
	),
	row(
		'a day of the week that is none',
		'Days of Week',
		"has no option 'Mon'",
		repeating({ frequency: 'weekly', interval: 1, daysOfWeek: given(['Mon']) }),
	),
	row(
		'a frequency that is none',
		'Frequency',
		"has no option 'hourly'",
		repeating({ frequency: given('hourly'), interval: 1 }),
	),

	row('reminders without a time', 'Minutes Before', 'is empty', reminding({ mode: 'custom', minutes: '' })),
	row(
		'a reminder after the start',
		'Minutes Before',
		'must be a whole number of at least 0, not -5',
		reminding({ mode: 'custom', minutes: '15, -5' }),
	),
	row('an unknown reminder mode', 'Remind', "has no option 'often'", reminding({ mode: given('often') })),
	row(
		'an unknown state of a button',
		'State',
		"has no option 'print'",
		adding({ uiComponents: { component: [{ name: 'attendee', state: given('print') }] } }),
	),

	row('no organizer', 'Organizer', 'is empty', create({ user: locator(given('')) })),
	row(
		'a person who is none',
		'Organizer',
		"cannot be used: '?' is not a mobile number, an e-mail address, an ID or a name",
		create({ user: locator('?') }),
	),
	row(
		'a user ID as union ID',
		'Organizer',
		"cannot be used: '0123456789012345' is a user ID, not a union ID",
		create({ user: locator('0123456789012345', 'unionId') }),
	),
	row(
		'a mobile number as union ID',
		'Organizer',
		"cannot be used: '13800138000' is a mobile number, not a union ID",
		create({ user: locator('13800138000', 'unionId') }),
	),
	row(
		'a user ID as mobile number',
		'Attendee',
		"cannot be used: 'manager4220' is not a mobile number",
		on('response', 'set', { user: locator('manager4220', 'mobile') }),
	),
	row(
		'an attendee that is no identifier',
		'Attendees',
		"cannot be used: '???'",
		adding({ attendees: 'manager4220, ???' }),
	),
	row(
		'an optional guest who is none',
		'Optional Attendees',
		"cannot be used: '???'",
		adding({ optionalAttendees: '???' }),
	),
	row(
		'a guest without an ID',
		'Attendees',
		'cannot be used: one entry has no name, number or ID',
		adding({ attendees: given([{ title: 'Manager' }]) }),
	),
	row(
		'a way to identify people that is none',
		'Identify People By',
		"has no option 'badge'",
		adding({ attendees: 'manager4220', identifyBy: given('badge') }),
	),
	row(
		'attendees that are a condition',
		'Attendees',
		'cannot be used: one entry has no name',
		adding({ attendees: given(true) }),
	),
	row(
		'a condition among people to add',
		'Attendees',
		'cannot be used: one entry has no name',
		on('attendee', 'add', { attendees: given(['a', true]) }),
	),
	row(
		'more guests than an event takes',
		'Attendees',
		'names 5001 people, but DingTalk allows at most 5000 per event',
		adding({ attendees: Array.from({ length: 5001 }, (_, i) => `u${i}`).join() }),
	),

	row('no event', 'Event', 'is empty', on('event', 'get', { eventId: locator(given(''), 'id') })),
	row(
		'an event that is not text',
		'Event',
		'is not text',
		on('event', 'delete', { eventId: locator(given({ id: 1 }), 'id') }),
	),
	row(
		'an event whose ID would make the path another one',
		'Event',
		'is not an ID: ..',
		on('event', 'delete', { eventId: locator('..', 'id') }),
	),
	row('no calendar', 'Calendar', 'is empty', on('event', 'get', { calendarId: locator(given(' '), 'id') })),
	row(
		'an answer that is none',
		'Response',
		"has no option 'maybe'",
		on('response', 'set', { responseStatus: given('maybe') }),
	),
	row('no attendees to add', 'Attendees', 'is empty', on('attendee', 'add', { attendees: given([]) })),
	row('no attendees to remove', 'Attendees', 'is empty', on('attendee', 'remove', { attendees: given('') })),
	row('no new organizer', 'New Organizer', 'is empty', on('event', 'transfer', { newOrganizer: locator(given('')) })),
	row(
		'a limit of 0',
		'Limit',
		'must be a whole number from 1',
		on('attendee', 'getAll', { returnAll: false, limit: 0 }),
	),
	row(
		'a response to filter by that is none',
		'Response',
		"has no option 'yes'",
		on('attendee', 'getAll', { filters: { response: given(['yes']) } }),
	),
	row(
		'501 attendees to show',
		'Max Attendees',
		'must be a whole number from 1 to 500, not 501',
		on('event', 'get', { options: { maxAttendees: 501 } }),
	),

	row('an update without changes', 'Update Fields', 'is empty', update({})),
	row(
		'an update that adds no attendee',
		'Attendees',
		'is empty',
		update({ attendeeChange: { change: { mode: 'add', attendees: '' } } }),
	),
	row(
		'an update that would remove all attendees by mistake',
		'Attendees',
		'is empty',
		update({ attendeeChange: { change: { mode: 'replace', attendees: given([]) } } }),
	),
	row('All Day without dates', 'All Day', "is set without 'Start' and 'End'", update({ allDay: true })),
	row(
		'a time zone without times',
		'Time Zone',
		"is set without 'Start' or 'End'",
		update({ timeZone: locator('Asia/Shanghai', 'id') }),
	),
	row(
		'a field both set and cleared',
		'Fields to Clear',
		"includes 'Location', which 'Update Fields' also sets",
		update({ location: 'Room 1' }, { clearFields: ['location'] }),
	),
	row(
		'attendees both changed and cleared',
		'Fields to Clear',
		"includes 'Attendees'",
		update({ attendeeChange: { change: { mode: 'add', attendees: 'manager4220' } } }, { clearFields: ['attendees'] }),
	),
	row(
		'a field to clear that is none',
		'Fields to Clear',
		"has no option 'title'",
		update({}, { clearFields: given(['title']) }),
	),
	row('an empty new title', 'Title', 'is empty', update({ summary: given('') })),
	row(
		'an end before the start in an update',
		'End',
		"is before 'Start'",
		update({ start: '2026-03-03T10:00', end: '2026-03-03T09:00' }),
	),

	row(
		'a window that ends before it begins',
		'To',
		"is before 'From'",
		list({ timeMin: '2026-03-03', timeMax: '2026-03-02' }),
	),
	row(
		'a window of more than a year',
		'To',
		"is more than a year after 'From'",
		list({ view: 'stored', timeMin: '2026-03-03', timeMax: '2027-03-10' }),
	),
	row('an output without fields', 'Fields', 'is empty', list({ output: 'selected', outputFields: [] })),
];
