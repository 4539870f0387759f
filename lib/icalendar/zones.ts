/** Resolves the time zones of a calendar file, and describes time zones in one. */
import { DateTime, IANAZone } from 'luxon';
import { CachedZone, MINUTE_MS } from './cachedZone';
import { createLine, findLine, type Component } from './lines';
import { WINDOWS_ZONES } from './windowsZones';

/** Also finds the IANA name at the end of IDs such as `/mozilla.org/20050126_1/Europe/Berlin`. */
function findIanaName(id: string): string | undefined {
	const name = id.trim();
	const tail = name.split('/').slice(-3);
	const names = [name, WINDOWS_ZONES.get(name), ...tail.map((_, from) => tail.slice(from).join('/'))];
	return names.find(
		(candidate) =>
			candidate !== undefined && candidate !== '' && IANAZone.isValidZone(candidate) && !/^[A-Z]{1,2}$/.test(candidate),
	);
}

const readOffset = (text: string): string | undefined => /^[+-]\d{4}/.exec(text)?.[0];

/** Resolves the TZIDs of one calendar, each of them once. */
export class ZoneResolver {
	private readonly described = new Map<string, Component>();
	private readonly resolved = new Map<string, string | undefined>();
	private readonly zones = new Map<string, CachedZone>();

	constructor(calendar: Component) {
		for (const part of calendar.children) {
			const id = part.name === 'VTIMEZONE' ? findLine(part, 'TZID')?.value.trim() : undefined;
			if (id !== undefined && !this.described.has(id)) this.described.set(id, part);
		}
	}

	/** The IANA name of a TZID; a fixed offset of full hours if that is all the file describes; undefined if unknown. */
	resolve(id: string): string | undefined {
		if (!this.resolved.has(id)) this.resolved.set(id, findZone(id, this.described.get(id.trim())));
		return this.resolved.get(id);
	}

	/** A zone for luxon; all times of the calendar share it. */
	zoneNamed(name: string): CachedZone {
		const zone = this.zones.get(name) ?? new CachedZone(name);
		this.zones.set(name, zone);
		return zone;
	}
}

function findZone(id: string, described: Component | undefined): string | undefined {
	const found = findIanaName(id) ?? findIanaName((described && findLine(described, 'X-LIC-LOCATION')?.value) ?? '');
	if (found || !described) return found;
	const offsets = new Set(described.children.map((part) => readOffset(findLine(part, 'TZOFFSETTO')?.value ?? '')));
	const [only] = offsets;
	// The names of these zones have the opposite sign: Etc/GMT-8 is UTC+8.
	const hours = offsets.size === 1 && only?.endsWith('00') ? -Number(only.slice(0, 3)) : undefined;
	return hours === undefined ? undefined : `Etc/GMT${hours < 0 ? '' : '+'}${hours === 0 ? 0 : hours}`;
}

const formatOffset = (minutes: number): string => {
	const size = Math.abs(minutes);
	return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`;
};

interface Transition {
	at: DateTime;
	from: number;
	to: number;
}

/** The minute at which the offset changes between two moments. */
function findTransition(before: DateTime, after: DateTime): Transition {
	let [low, high] = [before.toMillis(), after.toMillis()];
	while (high - low > MINUTE_MS) {
		const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS;
		if (DateTime.fromMillis(middle, { zone: before.zone }).offset === before.offset) low = middle;
		else high = middle;
	}
	return { at: DateTime.fromMillis(high, { zone: before.zone }), from: before.offset, to: after.offset };
}

function listTransitions(zone: string, from: DateTime, until: DateTime): Transition[] {
	const transitions: Transition[] = [];
	for (let day = from.setZone(zone); day < until;) {
		const next = day.plus({ days: 7 });
		if (next.offset !== day.offset) transitions.push(findTransition(day, next));
		day = next;
	}
	return transitions;
}

/** A VTIMEZONE that lists every transition by date, so that no rule has to be derived. */
export function createTimeZone(zone: string, from: DateTime, until: DateTime): Component {
	const transitions = listTransitions(zone, from, until);
	const first = from.setZone(zone).offset;
	const parts: Component[] = [
		{
			name: 'STANDARD',
			lines: [
				createLine('DTSTART', '19700101T000000'),
				createLine('TZOFFSETFROM', formatOffset(first)),
				createLine('TZOFFSETTO', formatOffset(first)),
			],
			children: [],
		},
	];
	const byOffsets = new Map<string, Transition[]>();
	for (const transition of transitions) {
		const key = `${transition.from} ${transition.to}`;
		byOffsets.set(key, [...(byOffsets.get(key) ?? []), transition]);
	}
	for (const same of byOffsets.values()) {
		const { from: before, to } = same[0];
		// A transition is written in the local time before it.
		const at = same.map((transition) => transition.at.toUTC().plus({ minutes: before }).toFormat("yyyyMMdd'T'HHmmss"));
		// Some programs ignore DTSTART if there are RDATEs, so it is among them too.
		const dates = at.length > 1 ? at.map((date) => createLine('RDATE', date)) : [];
		parts.push({
			name: to > before ? 'DAYLIGHT' : 'STANDARD',
			lines: [
				createLine('DTSTART', at[0]),
				createLine('TZOFFSETFROM', formatOffset(before)),
				createLine('TZOFFSETTO', formatOffset(to)),
				...dates,
			],
			children: [],
		});
	}
	return { name: 'VTIMEZONE', lines: [createLine('TZID', zone)], children: parts };
}
