/**
 * A slow reference implementation of finding common free time: checks every minute of the window for each person, by local
 * time from Intl. Shares no arithmetic with the code under test.
 */
import type { SlotQuery, Slot } from '../../../lib/dingtalk/freeBusy/findCommonSlots';
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

function worksOn({ day, weekday }: { day: string; weekday: number }, time: Time, china: boolean): boolean {
	if (time.everyDay || time.extraWorkingDays.has(day)) return true;
	if (time.daysOff.has(day)) return false;
	if (china && NOTICES.worked.has(day)) return true;
	if (china && NOTICES.off.has(day)) return false;
	return time.days.has(weekday);
}

/** Whether a local time is within the hours of its own day or of a nearby one. */
function within(
	local: LocalTime,
	hours: { from: number; to: number },
	wider: number,
	works: (days: number) => boolean,
): boolean {
	const to = hours.to <= hours.from ? hours.to + 1440 : hours.to;
	return [-2, -1, 0, 1].some((days) => {
		const minute = local.minute - days * 1440;
		return minute >= hours.from - wider && minute < to + wider && works(days);
	});
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
			const atWork =
				within(local, workingTime.hours, workingTime.minutesOutside, works) &&
				!(workingTime.lunch && within(local, workingTime.lunch, 0, works));
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
		const required = states.filter(({ person }) => !person.optional);
		if (required.every(({ works }) => works)) {
			atWork++;
			for (const { person, busy } of required) if (busy) busyAt.set(person.id, (busyAt.get(person.id) ?? 0) + 1);
		}
		const free = rooms.filter((room) => !taken(room, start, end)).map(({ id }) => id);
		if (query.roomsNeeded === 'one' && free.length === 0) continue;
		if (query.roomsNeeded === 'all' && free.length < rooms.length) continue;
		if (!required.every(({ works, busy }) => works && !busy)) continue;
		const distances = people.map((person) => {
			const middle = localTimeAt(person.zone, start + (duration / 2) * MINUTE).minute + (duration % 2) / 2;
			const aim =
				(workingTime.hours.from + workingTime.hours.to + (workingTime.hours.to <= workingTime.hours.from ? 1440 : 0)) /
				2;
			return Math.min(...[-2, -1, 0, 1, 2].map((days) => Math.abs(middle - aim + days * 1440)));
		});
		found.push({
			start,
			end,
			rooms: query.roomsNeeded === 'none' ? [] : free,
			unavailable: states
				.filter(({ person, works, busy }) => person.optional && !(works && !busy))
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
