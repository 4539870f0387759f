/** Validates the start and end of a request. */
import { invalidParameter } from '../contract';
import type { Fields } from '../fields';
import type { World } from '../world';
import type { Span } from './model';
import { objectField, booleanField, isBlank, isSet, textField } from './read';
import { allDaySpan, isZone, parseDate, parseTimestamp } from './time';

const HOUR_MS = 3_600_000;

const NOT_SET = { start: 'Event start time not set.', end: 'Event end time not set.' };

type Side = 'start' | 'end';

function timeFields(body: Fields, side: Side): Fields {
	const fields = objectField(body, side);
	if (!fields || (isBlank(fields.date) && isBlank(fields.dateTime))) throw invalidParameter(NOT_SET[side]);
	if (!isBlank(fields.date) && !isBlank(fields.dateTime)) {
		throw invalidParameter(`${side}.date and ${side}.dateTime can not be set together`);
	}
	return fields;
}

function readDay(fields: Fields, side: Side): string {
	if (!isBlank(fields.dateTime)) throw invalidParameter(`${side}.dateTime must be empty for an all-day event`);
	if (!isBlank(fields.timeZone)) throw invalidParameter(`${side}.timeZone must be empty for an all-day event`);
	return parseDate(textField(fields, 'date', `${side}.date`) ?? '', `${side}.date`);
}

function readInstant(fields: Fields, side: Side, world: World): { ms: number; zone: string } {
	if (!isBlank(fields.date)) throw invalidParameter(`${side}.date must be empty unless isAllDay is true`);
	const zone = textField(fields, 'timeZone', `${side}.timeZone`);
	if (!zone) throw invalidParameter(`${side}.timeZone must be provided`);
	if (!isZone(zone)) throw invalidParameter(`${side}.timeZone is not a name of the tz database: ${zone}`);
	const dateTime = textField(fields, 'dateTime', `${side}.dateTime`) ?? '';
	return { ms: parseTimestamp(dateTime, `${side}.dateTime`, world.switches.timestampsNeedMilliseconds), zone };
}

function checked(span: Span, world: World): Span {
	if (span.endMs < span.startMs) throw invalidParameter('Event end time must not be before its start time');
	if (span.allDay && span.endDate === span.startDate && world.switches.endEqualsStart === 'refused') {
		throw invalidParameter('Event end date must be after its start date: the end of an all-day event is exclusive');
	}
	return span;
}

function allDay(start: string, end: string, world: World): Span {
	return checked(allDaySpan(start, end), world);
}

function timed(start: { ms: number; zone: string }, end: { ms: number; zone: string }, world: World): Span {
	if (start.zone !== end.zone) throw invalidParameter('end.timeZone must be the same as start.timeZone');
	return checked({ allDay: false, startMs: start.ms, endMs: end.ms, zone: start.zone }, world);
}

export function readSpan(body: Fields, isAllDay: boolean, world: World): Span {
	const start = timeFields(body, 'start');
	const end = timeFields(body, 'end');
	if (isAllDay) return allDay(readDay(start, 'start'), readDay(end, 'end'), world);
	return timed(readInstant(start, 'start', world), readInstant(end, 'end', world), world);
}

/** The end is optional for the signed-in user; DingTalk's client then proposes one hour or one day. */
export function withDefaultEnd(body: Fields, isAllDay: boolean, world: World): Fields {
	if (isSet(body.end)) return body;
	const start = timeFields(body, 'start');
	if (isAllDay) {
		const day = readDay(start, 'start');
		return { ...body, end: { date: new Date(Date.parse(day) + 24 * HOUR_MS).toISOString().slice(0, 10) } };
	}
	const { ms, zone } = readInstant(start, 'start', world);
	return { ...body, end: { dateTime: new Date(ms + HOUR_MS).toISOString(), timeZone: zone } };
}

/** Changes only the side that was sent; both sides must still fit together. */
export function readChangedSpan(body: Fields, current: Span, world: World): Span | undefined {
	const isAllDay = booleanField(body, 'isAllDay') ?? current.allDay;
	const startGiven = isSet(body.start);
	const endGiven = isSet(body.end);
	if (!startGiven && !endGiven && isAllDay === current.allDay) return undefined;
	if ((startGiven && endGiven) || isAllDay !== current.allDay) return readSpan(body, isAllDay, world);
	if (current.allDay) {
		const start = startGiven ? readDay(timeFields(body, 'start'), 'start') : current.startDate;
		const end = endGiven ? readDay(timeFields(body, 'end'), 'end') : current.endDate;
		return allDay(start, end, world);
	}
	const { zone } = current;
	const start = startGiven ? readInstant(timeFields(body, 'start'), 'start', world) : { ms: current.startMs, zone };
	const end = endGiven ? readInstant(timeFields(body, 'end'), 'end', world) : { ms: current.endMs, zone };
	return timed(start, end, world);
}
