/** Validates the events of create and update requests. */
import { randomUUID } from 'crypto';

import { invalidParameter } from '../contract';
import { isFields, type Fields } from '../fields';
import type { World } from '../world';
import { isGuestId } from './eventAttendees';
import { CATEGORIES } from './categories';
import type { Category, Details, NewAttendee, OnlineMeeting, Recurrence, Reminder, Span } from './model';
import { objectField, booleanField, isBlank, isSet, listField, oneOf, stringMap, textField } from './read';
import { readRecurrence, requireOccurrence } from './rules';
import { readChangedSpan, readSpan, withDefaultEnd } from './spans';
import type { EventUpdate, NewEvent } from './calendarStore';

export const MAX_ATTENDEES_PER_CALL = 500;
const MAX_SUMMARY = 2048;
const MAX_DESCRIPTION = 5000;
const UI_STATUSES = ['hide', 'disable', 'enable'] as const;

function readReminders(body: Fields): Reminder[] | undefined {
	return listField(body, 'reminders')?.map((reminder) => {
		const minutes = typeof reminder.minutes === 'string' ? Number(reminder.minutes) : reminder.minutes;
		if (typeof minutes !== 'number' || !Number.isInteger(minutes) || minutes < 0 || reminder.minutes === '') {
			throw invalidParameter('reminders.minutes must be a whole number of minutes');
		}
		return { method: oneOf(reminder.method, ['dingtalk'], 'reminders.method'), minutes };
	});
}

/** The update call has its own default for all-day events: a reminder at 9:00 on the day before. */
export const defaultReminders = (isAllDay: boolean, updating: boolean): Reminder[] => [
	{ method: 'dingtalk', minutes: isAllDay && updating ? 900 : 15 },
];

/** Only an update takes e-mail addresses in the place of IDs. */
export function readAttendees(
	body: Fields,
	name: string,
	world: World,
	{ takesEmails = false } = {},
): NewAttendee[] | undefined {
	const entries = listField(body, name);
	if (!entries) return undefined;
	if (entries.length > MAX_ATTENDEES_PER_CALL) {
		throw invalidParameter(`attendees batch size too large. Maximum allowed:${MAX_ATTENDEES_PER_CALL}`);
	}
	return entries.map((entry) => {
		const email = textField(entry, 'email', `${name}.email`);
		const unionId = textField(entry, 'id', `${name}.id`) || (takesEmails && idOfEmail(email, world));
		if (!unionId) throw invalidParameter(`${name}.id must be provided`);
		if (!(takesEmails && isGuestId(unionId)) && !world.company.byUnionId(unionId)) {
			throw invalidParameter(`${name}.id is not a unionId: ${unionId}`);
		}
		return { unionId, isOptional: booleanField(entry, 'isOptional', `${name}.isOptional`) ?? false };
	});
}

/** The union ID of the person with this address; someone outside the company is a guest. */
const idOfEmail = (email: string | undefined, { company }: World): string | undefined =>
	email === undefined ? undefined : (company.people.find((person) => person.email === email)?.unionId ?? email);

function readOnlineMeeting(body: Fields): OnlineMeeting | undefined {
	const fields = objectField(body, 'onlineMeetingInfo');
	if (!fields) return undefined;
	const type = oneOf(fields.type, ['dingtalk'], 'onlineMeetingInfo.type');
	const conferenceId = randomUUID();
	const roomCode = String(parseInt(conferenceId.slice(0, 8), 16) % 1_000_000_000).padStart(9, '0');
	const url = `https://meeting.dingtalk.com/j/${conferenceId.slice(0, 13)}`;
	return { type, conferenceId, url, extraInfo: { roomCode } };
}

const refuseBlank = (name: string): never => {
	throw invalidParameter(`${name} must be provided`);
};

function readUiConfigs(body: Fields, statusRequired: boolean): Details['uiConfigs'] {
	return listField(body, 'uiConfigs')?.map((entry) => ({
		// The documentation lists five names but does not say that others are refused.
		uiName: textField(entry, 'uiName', 'uiConfigs.uiName') || refuseBlank('uiConfigs.uiName'),
		uiStatus:
			isSet(entry.uiStatus) || statusRequired ? oneOf(entry.uiStatus, UI_STATUSES, 'uiConfigs.uiStatus') : 'enable',
	}));
}

function readCategories(body: Fields): Category[] | undefined {
	return listField(body, 'categories')?.map((entry) => {
		const categoryId = textField(entry, 'categoryId', 'categories.categoryId');
		const known = CATEGORIES.find((category) => category.openCategoryId === categoryId);
		return { categoryId, displayName: textField(entry, 'displayName', 'categories.displayName') ?? known?.displayName };
	});
}

function limited(value: string | undefined, max: number, label: string, world: World): string | undefined {
	const length = world.switches.textCounting === 'utf16' ? value?.length : [...(value ?? '')].length;
	if (value !== undefined && (length ?? 0) > max) {
		throw invalidParameter(`Event ${label} is too long. Maximum allowed:${max}`);
	}
	return value;
}

/** The fields that create and update treat alike. Absent fields are omitted. */
function readCommon(body: Fields, updating: boolean, world: World): Partial<Details> {
	if (isSet(body.freeBusyStatus) && world.switches.freeBusyStatus === 'refused') {
		throw invalidParameter('freeBusyStatus is not supported');
	}
	const details: Partial<Details> = {
		description: limited(textField(body, 'description'), MAX_DESCRIPTION, 'description', world),
		locationName: textField(objectField(body, 'location') ?? {}, 'displayName', 'location.displayName'),
		reminders: readReminders(body),
		onlineMeeting: readOnlineMeeting(body),
		richText: textField(objectField(body, 'richTextDescription') ?? {}, 'text', 'richTextDescription.text'),
		extra: stringMap(body, 'extra'),
		uiConfigs: readUiConfigs(body, updating),
		categories: readCategories(body),
		freeBusyStatus: textField(body, 'freeBusyStatus'),
		cardInstances: listField(body, 'cardInstances')?.map((card) => ({
			outTrackId: textField(card, 'outTrackId', 'cardInstances.outTrackId'),
			scenario: textField(card, 'scenario', 'cardInstances.scenario'),
		})),
	};
	return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}

function requireEvent(body: unknown): Fields {
	if (!isFields(body)) throw invalidParameter('Event must be provided.');
	return body;
}

function readSummary(body: Fields, world: World): string {
	if (isBlank(body.summary)) throw invalidParameter('Event summary cannot be blank');
	return limited(textField(body, 'summary'), MAX_SUMMARY, 'summary', world) ?? '';
}

export function readNewEvent(
	given: unknown,
	organizer: string,
	world: World,
	{ endOptional }: { endOptional: boolean },
): NewEvent {
	const event = requireEvent(given);
	const summary = readSummary(event, world);
	const isAllDay = booleanField(event, 'isAllDay') ?? false;
	const body = endOptional ? withDefaultEnd(event, isAllDay, world) : event;
	const span = readSpan(body, isAllDay, world);
	const rule = objectField(body, 'recurrence');
	const recurrence = rule && readRecurrence(rule, world.switches.timestampsNeedMilliseconds);
	if (recurrence) requireOccurrence(span, recurrence);
	const details: Details = {
		reminders: defaultReminders(isAllDay, false),
		...readCommon(body, false, world),
		summary,
		span,
	};
	return { organizer, details, recurrence, attendees: readAttendees(body, 'attendees', world) ?? [] };
}

/**
 * How a series becomes a single event again is not documented. Null and an empty object have no other meaning, so both
 * do this here.
 */
function readChangedRecurrence(body: Fields, world: World): Recurrence | null | undefined {
	if (body.recurrence === null) {
		if (world.switches.recurrenceNull === 'refused') throw invalidParameter('recurrence.pattern must be provided');
		return world.switches.recurrenceNull === 'cleared' ? null : undefined;
	}
	const rule = objectField(body, 'recurrence');
	if (!rule) return undefined;
	if (Object.keys(rule).length === 0) return null;
	return readRecurrence(rule, world.switches.timestampsNeedMilliseconds);
}

/** `current` is the stored single event, series or occurrence. */
export function readUpdate(
	given: unknown,
	eventId: string,
	current: { span: Span; recurrence?: Recurrence; isInstance: boolean },
	world: World,
): EventUpdate {
	const body = requireEvent(given);
	if (isBlank(body.id)) throw invalidParameter('Event id summary cannot be blank');
	if (body.id !== eventId) throw invalidParameter('Event id is not the id in the path');
	const details = readCommon(body, true, world);
	// Title and time cannot be cleared, so empty values are errors.
	if (isSet(body.summary)) details.summary = readSummary(body, world);
	const span = readChangedSpan(body, current.span, world);
	if (span) details.span = span;
	const recurrence = readChangedRecurrence(body, world);
	if (current.isInstance && recurrence !== undefined) {
		throw invalidParameter('recurrence can only be changed for the whole series');
	}
	const rule = recurrence === undefined ? current.recurrence : recurrence;
	if (rule && !current.isInstance) requireOccurrence(span ?? current.span, rule);
	if (!details.reminders && world.switches.remindersAbsentInUpdate === 'default') {
		details.reminders = defaultReminders((span ?? current.span).allDay, true);
	}
	return { details, recurrence, attendees: readAttendees(body, 'attendees', world, { takesEmails: true }) };
}
