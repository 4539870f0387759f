/**
 * A slow reference implementation of finding common free time: checks every minute of the window for each person, by local
 * time from Intl. Shares no arithmetic with the code under test.
 */
import type { Slot } from '../../../lib/dingtalk/freeBusy/findCommonSlots';
import type { SlotQuery } from '../../../lib/dingtalk/freeBusy/slotSearch';
import { NOTICES } from './holidayNotices';

const MINUTE = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

interface LocalTime {
	/** `2026-03-02`. */
	day: string;
	/** Minutes after midnight. */
	minute: number;
	/** 0 is Sunday. */
	weekday: number;
}

const read = new Map<string, Map<number, LocalTime>>();

export function localTimeAt(zone: string, moment: number): LocalTime {
	const localTimes = read.get(zone) ?? new Map<number, LocalTime>();
	read.set(zone, localTimes);
	const known = localTimes.get(moment);
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
	const local = {
		day: `${parts.year}-${parts.month}-${parts.day}`,
		minute: Number(parts.hour) * 60 + Number(parts.minute),
		weekday: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'].indexOf(parts.weekday),
	};
	localTimes.set(moment, local);
	return local;
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

/** Off by law in each year; the queries reach into 2027, for which there is no notice yet. */
const NEW_YEAR = '2027-01-01';

function worksOn({ day, weekday }: { day: string; weekday: number }, time: Time, china: boolean): boolean {
	if (time.everyDay || time.extraWorkingDays.has(day)) return true;
	if (time.daysOff.has(day)) return false;
	if (china && NOTICES.worked.has(day)) return true;
	if (china && (day === NEW_YEAR || NOTICES.off.has(day))) return false;
	return time.days.has(weekday);
}

const endOf = ({ from, to }: { from: number; to: number }): number => (to <= from ? to + 1440 : to);

/** Each minute of the break of a shift that begins on day 0: the minutes within the shift, else those in the time around it. */
function breakMinutes(
	shift: { from: number; to: number },
	pause: { from: number; to: number },
	wider: number,
): number[] {
	const minutes: number[] = [];
	for (let days = -1; days <= 1; days++)
		for (let minute = pause.from; minute < endOf(pause); minute++) minutes.push(minute + days * 1440);
	/** Whole breaks that have a minute in common with these hours. */
	const touching = (from: number, to: number): number[] =>
		[-1, 0, 1].flatMap((days) => {
			const whole = minutes.filter(
				(minute) => minute >= pause.from + days * 1440 && minute < endOf(pause) + days * 1440,
			);
			return whole.some((minute) => minute >= from && minute < to) ? whole : [];
		});
	const inside = touching(shift.from, endOf(shift));
	return inside.length > 0 ? inside : touching(shift.from - wider, endOf(shift) + wider);
}

const pauses = new WeakMap<SlotQuery['workingTime'], Set<number>>();

/** The minutes of breaks, after the midnight of a working day. */
function pausesOf(time: SlotQuery['workingTime']): Set<number> {
	const known = pauses.get(time);
	if (known) return known;
	const minutes = new Set(
		time.shifts.flatMap((shift) => time.breaks.flatMap((pause) => breakMinutes(shift, pause, time.minutesOutside))),
	);
	pauses.set(time, minutes);
	return minutes;
}

/** Whether a local time is within a shift of its own day or of a nearby one, and in no break of any of these. */
function isWorked(local: LocalTime, time: SlotQuery['workingTime'], works: (days: number) => boolean): boolean {
	const days = [-2, -1, 0, 1].filter(works);
	const inShift = days.some((day) =>
		time.shifts.some((shift) => {
			const minute = local.minute - day * 1440;
			return minute >= shift.from - time.minutesOutside && minute < endOf(shift) + time.minutesOutside;
		}),
	);
	return inShift && !days.some((day) => pausesOf(time).has(local.minute - day * 1440));
}

const overlaps = ([from, to]: readonly [number, number], begin: number, end: number): boolean =>
	from < to && from < end && to > begin;

export type OracleSlot = Slot;

/** All slots in the window, with the counts that explain a lack of them. */
export function findSlotsSlowly(query: SlotQuery): {
	slots: OracleSlot[];
	atWork: number;
	busyAt: Map<string, number>;
} {
	const { window, duration, step, zone, people, rooms, workingTime } = query;
	const places = new Map<string, number[]>();
	/** For each minute of the window, how many minutes of working time follow without a break. */
	const workFrom = (placeZone: string, china: boolean): number[] => {
		const place = `${placeZone} ${china}`;
		const known = places.get(place);
		if (known) return known;
		const lengths: number[] = [];
		const worked = new Map<string, boolean>();
		for (let moment = window[1] - MINUTE; moment >= window[0]; moment -= MINUTE) {
			const local = localTimeAt(placeZone, moment);
			const works = (days: number): boolean => {
				const date = shiftDay(local.day, days);
				const answer = worked.get(date.day) ?? worksOn(date, workingTime, china);
				worked.set(date.day, answer);
				return answer;
			};
			const atWork = isWorked(local, workingTime, works);
			lengths.push(atWork ? (lengths.at(-1) ?? 0) + 1 : 0);
		}
		places.set(place, lengths.reverse());
		return lengths;
	};
	const taken = (
		one: { busy: ReadonlyArray<readonly [number, number]>; tentative: ReadonlyArray<readonly [number, number]> },
		begin: number,
		end: number,
	) => [...one.busy, ...(query.tentativeCounts ? one.tentative : [])].some((span) => overlaps(span, begin, end));
	const found: OracleSlot[] = [];
	let atWork = 0;
	const busyAt = new Map<string, number>();
	for (let start = window[0]; start + duration * MINUTE <= window[1]; start += MINUTE) {
		if (localTimeAt(zone, start).minute % step !== 0) continue;
		const end = start + duration * MINUTE;
		const states = people.map((person) => ({
			person,
			works: workFrom(person.zone, person.observesChineseHolidays)[(start - window[0]) / MINUTE] >= duration,
			busy: taken(person, start - query.bufferBefore * MINUTE, end + query.bufferAfter * MINUTE),
		}));
		const order = query.anyOf?.order ?? [];
		const needed = query.anyOf?.count ?? 0;
		const isChoice = ({ person }: (typeof states)[number]): boolean => order.includes(person.id);
		const required = states.filter((state) => !isChoice(state) && !state.person.optional);
		const choices = states.filter(isChoice);
		const worksAt = (place: string, china: boolean): boolean =>
			workFrom(place, china)[(start - window[0]) / MINUTE] >= duration;
		const staffed =
			required.length > 0 ||
			query.anyOf !== undefined ||
			(people.length > 0 ? states.some(({ works }) => works) : worksAt(zone, query.observesChineseHolidays));
		if (!staffed) continue;
		if (required.every(({ works }) => works) && choices.filter(({ works }) => works).length >= needed) {
			atWork++;
			for (const { person, busy } of [...required, ...choices])
				if (busy) busyAt.set(person.id, (busyAt.get(person.id) ?? 0) + 1);
		}
		const able = choices.filter(({ works, busy }) => works && !busy).map(({ person }) => person.id);
		if (able.length < needed) continue;
		const chosen = order.filter((id) => able.includes(id)).slice(0, needed);
		const free = rooms.filter((room) => !taken(room, start, end)).map(({ id }) => id);
		if (query.roomsNeeded === 'one' && free.length === 0) continue;
		if (query.roomsNeeded === 'all' && free.length < rooms.length) continue;
		if (!required.every(({ works, busy }) => works && !busy)) continue;
		const asked = people.filter(({ id }) => !order.includes(id) || chosen.includes(id));
		const distances = asked.map((person) => {
			const middle = localTimeAt(person.zone, start + (duration / 2) * MINUTE).minute + (duration % 2) / 2;
			const aim =
				(Math.min(...workingTime.shifts.map(({ from }) => from)) + Math.max(...workingTime.shifts.map(endOf))) / 2;
			return Math.min(...[-2, -1, 0, 1, 2].map((days) => Math.abs(middle - aim + days * 1440)));
		});
		found.push({
			start,
			end,
			chosen,
			available: able.length,
			rooms: query.roomsNeeded === 'none' ? [] : free,
			unavailable: states
				.filter((state) => !isChoice(state) && state.person.optional && !(state.works && !state.busy))
				.map(({ person, works }) => ({ id: person.id, reason: works ? 'busy' : 'outsideWorkingHours' })),
			maxMinutesFromMiddle: Math.max(0, ...distances),
			totalMinutesFromMiddle: distances.reduce((sum, one) => sum + one, 0),
		});
	}
	return { slots: found, atWork, busyAt };
}

/** The best slots, pickBest one by one. */
export function pickBest(query: SlotQuery, slots: OracleSlot[]): OracleSlot[] {
	const rest = [...slots];
	const chosen: OracleSlot[] = [];
	const worse = (a: OracleSlot, b: OracleSlot): boolean => {
		if (query.ranking === 'turn') {
			const order = query.anyOf?.order ?? [];
			const first = a.chosen.findIndex((id, i) => id !== b.chosen[i]);
			return first < 0 ? a.start > b.start : order.indexOf(a.chosen[first]) > order.indexOf(b.chosen[first]);
		}
		if (query.ranking === 'fairest') {
			if (a.maxMinutesFromMiddle !== b.maxMinutesFromMiddle) return a.maxMinutesFromMiddle > b.maxMinutesFromMiddle;
			if (a.totalMinutesFromMiddle !== b.totalMinutesFromMiddle)
				return a.totalMinutesFromMiddle > b.totalMinutesFromMiddle;
		}
		if (query.ranking !== 'earliest' && a.unavailable.length !== b.unavailable.length)
			return a.unavailable.length > b.unavailable.length;
		return a.start > b.start;
	};
	while (chosen.length < query.count) {
		const allowed = rest.filter((slot) => {
			if (query.spread === 'overlapping') return !chosen.includes(slot);
			if (query.spread === 'apart') return !chosen.some(({ start, end }) => start < slot.end && slot.start < end);
			return !chosen.some(
				({ start }) => localTimeAt(query.zone, start).day === localTimeAt(query.zone, slot.start).day,
			);
		});
		if (allowed.length === 0) break;
		chosen.push(allowed.reduce((best, slot) => (worse(best, slot) ? slot : best)));
	}
	return chosen;
}
