/** Compares the times in an output with those of the calendar: none may be wrong, and none may be missing that DingTalk sent. */
import type { IDataObject } from 'n8n-workflow';

import type { Span } from '../../simulator/calendar/model';
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import { inZone } from '../../simulator/calendar/time';
import type { Desk } from './setup';

export const ZONE = 'Asia/Shanghai';

const localDate = (ms: number): string => inZone(ms, ZONE).slice(0, 10);

/** The last day of the event; in the output the end of whole days is that day. */
export const lastDay = (span: Span): string => localDate(Math.max(span.endMs - 1, span.startMs));

const isAbsent = (value: unknown): boolean => value === null || value === undefined || value === '';

/** Whether an output time is that moment, or that day where the time of day was lost, or nothing. */
export const isMoment = (value: unknown, ms: number, day = localDate(ms)): boolean =>
	isAbsent(value) ||
	(typeof value === 'string' &&
		(value.length === 10 ? value === day : Date.parse(value) === Math.floor(ms / 1000) * 1000));

type Side = 'start' | 'end';

/** Every object in these response bodies, wherever it is. */
export function objectsIn(value: unknown): IDataObject[] {
	if (Array.isArray(value)) return value.flatMap(objectsIn);
	if (typeof value !== 'object' || value === null) return [];
	return [value as IDataObject, ...Object.values(value).flatMap(objectsIn)];
}

const isFilled = (value: unknown): value is string => typeof value === 'string' && value !== '';

const timeOf = (fields: IDataObject, side: Side): IDataObject => (fields[side] ?? {}) as IDataObject;

/** Whether the response says when the event starts or ends. */
function carries(sent: IDataObject, side: Side, isAllDay: boolean): boolean {
	const { date, dateTime } = timeOf(sent, side);
	if (isFilled(dateTime)) return true;
	// A day alone says when a whole day ends only if something says that it is one.
	const { date: first } = timeOf(sent, 'start');
	return isAllDay && isFilled(date) && (isFilled(first) || sent.isAllDay === true);
}

/** Whether each answer about this event, if there were any, had the time. */
const isSentIn = (bodies: unknown[], id: string, side: Side, isAllDay: boolean): boolean => {
	const about = objectsIn(bodies).filter((fields) => fields.id === id);
	return about.length > 0 && about.every((fields) => carries(fields, side, isAllDay));
};

/**
 * Wrong times among the events in an output, wherever they are in it, and missing ones that the response bodies had. Raw
 * times are as DingTalk sent them.
 */
export function wrongTimes(output: unknown, on: Desk, bodies: unknown[] = []): string[] {
	if (Array.isArray(output)) return output.flatMap((entry) => wrongTimes(entry, on, bodies));
	if (typeof output !== 'object' || output === null) return [];
	const fields = output as IDataObject;
	const inner = Object.values(fields).flatMap((part) => wrongTimes(part, on, bodies));
	const view = typeof fields.id === 'string' ? on.simulator.world.use(CalendarStore).byId(fields.id) : undefined;
	if (!view || typeof fields.start === 'object' || typeof fields.end === 'object') return inner;
	const { span } = view.details;
	const isRight = isMoment(fields.start, span.startMs) && isMoment(fields.end, span.endMs, lastDay(span));
	const lost = (['start', 'end'] as const).filter(
		(side) => side in fields && isAbsent(fields[side]) && isSentIn(bodies, view.id, side, span.allDay),
	);
	return [
		...inner,
		...(isRight ? [] : [`${view.id}: ${String(fields.start)}–${String(fields.end)}`]),
		...lost.map((side) => `${view.id}: DingTalk sent the ${side}, but the output has none`),
	];
}

/** Busy times that no event in the calendar has. */
export const wrongBusyTimes = (items: IDataObject[], on: Desk): string[] =>
	items
		.flatMap(({ busy }) => (Array.isArray(busy) ? (busy as IDataObject[]) : []))
		.filter(({ start, end }) => {
			const views = [...on.simulator.world.use(CalendarStore).all()];
			return !views.some(
				({ details: { span } }) => isMoment(start, span.startMs) && isMoment(end, span.endMs, lastDay(span)),
			);
		})
		.map(({ start, end }) => `busy ${String(start)}–${String(end)}`);

/** People or rooms with a busy time in the response, but neither a busy time nor a problem in the output. */
export const lostBusyTimes = (items: IDataObject[], bodies: unknown[]): string[] =>
	objectsIn(bodies)
		.filter(({ scheduleItems }) => Array.isArray(scheduleItems) && objectsIn(scheduleItems).length > 0)
		.map(({ userId, roomId }) => userId ?? roomId)
		.filter(isFilled)
		.filter((id) => {
			const item = items.find((one) => JSON.stringify(one).includes(id));
			return item && Array.isArray(item.busy) && item.busy.length === 0 && !item.error && !item.problem;
		})
		.map((id) => `${id} is called free`);
