/**
 * Common free time found the slow way: every minute of the window is looked at for everybody, by what the clocks on the
 * wall show then. Shares no arithmetic with the finder.
 */
import type { SlotQuery, Slot } from '../../../lib/dingtalk/freeBusy/findCommonSlots';
import { NOTICES } from './holidayNotices';

const MINUTE = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

interface Wall {
	/** `2026-03-02`. */
	day: string;
	/** Minutes after midnight. */
	minute: number;
	/** 0 is Sunday. */
	weekday: number;
}

const read = new Map<string, Map<number, Wall>>();

export function wallAt(zone: string, moment: number): Wall {
	const walls = read.get(zone) ?? new Map<number, Wall>();
	read.set(zone, walls);
	const known = walls.get(moment);
	if (known) return known;
	let format = formats.get(zone);
	if (!format) {
		format = new Intl.DateTimeFormat('en-GB', {
			timeZone: zone,
			hourCycle: 'h23',
			year: 'numeric',
			month: '2-digit',
			day: '2-digit',
			hour: '2-digit',
			minute: '2-digit',
			weekday: 'short',
		});
		formats.set(zone, format);
	}
	const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
	const wall = {
		day: `${parts.year}-${parts.month}-${parts.day}`,
		minute: Number(parts.hour) * 60 + Number(parts.minute),
		weekday: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(parts.weekday),
	};
	walls.set(moment, wall);
	return wall;
}

const shifted = new Map<string, { day: string; weekday: number }>();

const shiftDay = (day: string, days: number): { day: string; weekday: number } => {
	const key = `${day} ${days}`;
	const known = shifted.get(key) ?? shiftedDay(day, days);
	shifted.set(key, known);
	return known;
};

const shiftedDay = (day: string, days: number): { day: string; weekday: number } => {
	const date = new Date(`${day}T00:00:00Z`);
	date.setUTCDate(date.getUTCDate() + days);
	return { day: date.toISOString().slice(0, 10), weekday: date.getUTCDay() };
};

type Time = SlotQuery['workingTime'];

function worksOn({ day, weekday }: { day: string; weekday: number }, time: Time, china: boolean): boolean {
	if (time.everyDay || time.extraWorkingDays.has(day)) return true;
	if (time.daysOff.has(day)) return false;
	if (china && NOTICES.worked.has(day)) return true;
	if (china && NOTICES.off.has(day)) return false;
	return time.days.has(weekday);
}

/** Whether a clock that shows this minute of a day, or the same minute counted from a day near it, is within the hours. */
function within(
	wall: Wall,
	hours: { from: number; to: number },
	wider: number,
	works: (days: number) => boolean,
): boolean {
	const to = hours.to <= hours.from ? hours.to + 1440 : hours.to;
	return [-2, -1, 0, 1].some((days) => {
		const minute = wall.minute - days * 1440;
		return minute >= hours.from - wider && minute < to + wider && works(days);
	});
}

const overlaps = ([from, to]: readonly [number, number], begin: number, end: number): boolean =>
	from < to && from < end && to > begin;

export type OracleSlot = Slot;

/** Everything about every full step of the clock in the window. */
export function oracle(question: SlotQuery): { slots: OracleSlot[]; atWork: number; busyAt: Map<string, number> } {
	const { window, duration, step, zone, people, rooms, workingTime } = question;
	const places = new Map<string, number[]>();
	/** For every minute of the window, for how many minutes from it on a place is at work. */
	const workFrom = (placeZone: string, china: boolean): number[] => {
		const place = `${placeZone} ${china}`;
		const known = places.get(place);
		if (known) return known;
		const lengths: number[] = [];
		const worked = new Map<string, boolean>();
		for (let moment = window[1] - MINUTE; moment >= window[0]; moment -= MINUTE) {
			const wall = wallAt(placeZone, moment);
			const works = (days: number): boolean => {
				const date = shiftDay(wall.day, days);
				const answer = worked.get(date.day) ?? worksOn(date, workingTime, china);
				worked.set(date.day, answer);
				return answer;
			};
			const atWork =
				within(wall, workingTime.hours, workingTime.minutesOutside, works) &&
				!(workingTime.lunch && within(wall, workingTime.lunch, 0, works));
			lengths.push(atWork ? (lengths.at(-1) ?? 0) + 1 : 0);
		}
		places.set(place, lengths.reverse());
		return lengths;
	};
	const taken = (
		one: { busy: ReadonlyArray<readonly [number, number]>; tentative: ReadonlyArray<readonly [number, number]> },
		begin: number,
		end: number,
	) => [...one.busy, ...(question.tentativeCounts ? one.tentative : [])].some((span) => overlaps(span, begin, end));
	const found: OracleSlot[] = [];
	let atWork = 0;
	const busyAt = new Map<string, number>();
	for (let start = window[0]; start + duration * MINUTE <= window[1]; start += MINUTE) {
		if (wallAt(zone, start).minute % step !== 0) continue;
		const end = start + duration * MINUTE;
		const states = people.map((person) => ({
			person,
			works: workFrom(person.zone, person.observesChineseHolidays)[(start - window[0]) / MINUTE] >= duration,
			busy: taken(person, start - question.bufferBefore * MINUTE, end + question.bufferAfter * MINUTE),
		}));
		const required = states.filter(({ person }) => !person.optional);
		if (required.every(({ works }) => works)) {
			atWork++;
			for (const { person, busy } of required) if (busy) busyAt.set(person.id, (busyAt.get(person.id) ?? 0) + 1);
		}
		const free = rooms.filter((room) => !taken(room, start, end)).map(({ id }) => id);
		if (question.roomsNeeded === 'one' && free.length === 0) continue;
		if (question.roomsNeeded === 'all' && free.length < rooms.length) continue;
		if (!required.every(({ works, busy }) => works && !busy)) continue;
		const apart = people.map((person) => {
			const middle = wallAt(person.zone, start + (duration / 2) * MINUTE).minute + (duration % 2) / 2;
			const aim =
				(workingTime.hours.from + workingTime.hours.to + (workingTime.hours.to <= workingTime.hours.from ? 1440 : 0)) /
				2;
			return Math.min(...[-2, -1, 0, 1, 2].map((days) => Math.abs(middle - aim + days * 1440)));
		});
		found.push({
			start,
			end,
			rooms: question.roomsNeeded === 'none' ? [] : free,
			unavailable: states
				.filter(({ person, works, busy }) => person.optional && !(works && !busy))
				.map(({ person, works }) => ({ id: person.id, reason: works ? 'busy' : 'outsideWorkingHours' })),
			maxMinutesFromMidday: Math.max(0, ...apart),
			totalMinutesFromMidday: apart.reduce((sum, one) => sum + one, 0),
		});
	}
	return { slots: found, atWork, busyAt };
}

/** The best of them, picked one by one. */
export function picked(question: SlotQuery, slots: OracleSlot[]): OracleSlot[] {
	const rest = [...slots];
	const chosen: OracleSlot[] = [];
	const worse = (a: OracleSlot, b: OracleSlot): boolean => {
		if (question.ranking === 'fairest') {
			if (a.maxMinutesFromMidday !== b.maxMinutesFromMidday) return a.maxMinutesFromMidday > b.maxMinutesFromMidday;
			if (a.totalMinutesFromMidday !== b.totalMinutesFromMidday)
				return a.totalMinutesFromMidday > b.totalMinutesFromMidday;
		}
		if (question.ranking !== 'earliest' && a.unavailable.length !== b.unavailable.length)
			return a.unavailable.length > b.unavailable.length;
		return a.start > b.start;
	};
	while (chosen.length < question.count) {
		const allowed = rest.filter((slot) => {
			if (question.spread === 'overlapping') return !chosen.includes(slot);
			if (question.spread === 'apart') return !chosen.some(({ start, end }) => start < slot.end && slot.start < end);
			return !chosen.some(({ start }) => wallAt(question.zone, start).day === wallAt(question.zone, slot.start).day);
		});
		if (allowed.length === 0) break;
		chosen.push(allowed.reduce((best, slot) => (worse(best, slot) ? slot : best)));
	}
	return chosen;
}
