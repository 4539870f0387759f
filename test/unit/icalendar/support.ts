/** Random numbers for calendar tests, and the dates of a series by the simulator and by ical.js. */
import ICAL from 'ical.js';
import { DateTime } from 'luxon';

import { readCalendar, type FileEvent } from '../../../lib/icalendar/read';
import { occurrences } from '../../simulator/calendar/recurrence';
import type { Recurrence, Span } from '../../simulator/calendar/model';
import { allDaySpan } from '../../simulator/calendar/time';

/** A fixed random sequence, so that a failure can be reproduced. */
export function createRandom(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 48_271) % 2_147_483_647;
		return state % below;
	};
}

export interface Times {
	start: { date?: string; dateTime?: string; timeZone?: string };
	end: { date?: string; dateTime?: string; timeZone?: string };
}

export const MAX_DATES = 60;

/** The first dates of a DingTalk rule, as the simulator computes them. */
export function datesOf({ start, end }: Times, recurrence: Recurrence): string[] {
	const zone = start.timeZone ?? 'Asia/Shanghai';
	const span: Span = start.date
		? allDaySpan(start.date, end.date ?? '')
		: { allDay: false, startMs: Date.parse(start.dateTime ?? ''), endMs: Date.parse(end.dateTime ?? ''), zone };
	const dates: string[] = [];
	for (const { originMs } of occurrences(span, recurrence, { fromMs: -Infinity, toMs: Infinity })) {
		const at = DateTime.fromMillis(originMs, { zone });
		dates.push(start.date ? (at.toISODate() ?? '') : (at.toUTC().toISO({ suppressMilliseconds: true }) ?? ''));
		if (dates.length === MAX_DATES) break;
	}
	return dates;
}

/** The first dates that ical.js computes from a file, with the time zones described in it. */
export function datesInFile(text: string): string[] {
	ICAL.TimezoneService.reset();
	const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
	for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
	const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') ?? undefined);
	const dates: string[] = [];
	const dtstart = event.component.getFirstPropertyValue('dtstart') as ICAL.Time;
	const rule = event.component.getFirstPropertyValue('rrule') as ICAL.Recur;
	const iterator = rule.iterator(dtstart);
	for (let next = iterator.next(); next && dates.length < MAX_DATES; next = iterator.next()) {
		dates.push(next.isDate ? next.toString() : next.toJSDate().toISOString().replace('.000', ''));
	}
	return dates;
}

/** Runs a reader that works step by step to its end. */
export function finish<T>(steps: Generator<void, T>): T {
	let step = steps.next();
	while (!step.done) step = steps.next();
	return step.value;
}

/** The events of a calendar text. */
export const readCalendarText = (text: string, defaultZone: string): FileEvent[] =>
	finish(readCalendar({ text }, { defaultZone, maxEvents: 1000 }));

export { ICAL };
