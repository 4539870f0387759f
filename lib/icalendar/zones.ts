/** Resolves the time zones of a calendar file, and describes time zones in one. */
import { DateTime, FixedOffsetZone, IANAZone, Info, type Zone } from 'luxon';
import { CachedZone, MINUTE_MS } from './cachedZone';
import { createLine, findLine, readText, type Component } from './lines';
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
			// Here the name is a text, with escaped commas; in the parameter of a time it is not.
			const id = part.name === 'VTIMEZONE' ? readText(part, 'TZID').trim() || undefined : undefined;
			if (id !== undefined && !this.described.has(id)) this.described.set(id, part);
		}
	}

	/** The IANA name of a TZID; a fixed offset of full hours if that is all the file describes; undefined if unknown. */
	resolve(id: string): string | undefined {
		const name = id.trim();
		if (!this.resolved.has(name)) this.resolved.set(name, findZone(name, this.described.get(name)));
		return this.resolved.get(name);
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

/** Whether a file can describe the zone of an event; it may be no zone at all, or have signs that end a parameter. */
export const isDescribable = (name: string | undefined): name is string =>
	name !== undefined &&
	/^[\w/+-]+$/.test(name) &&
	name !== 'UTC' &&
	(IANAZone.isValidZone(name) || FixedOffsetZone.parseSpecifier(name) !== null);

const formatOffset = (minutes: number): string => {
	const size = Math.abs(minutes);
	return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`;
};

interface Transition {
	/** In milliseconds. */
	at: number;
	/** Offsets in minutes. */
	from: number;
	to: number;
}

/** The minute at which the offset changes between two moments. */
function findTransition(zone: Zone, before: number, after: number): Transition {
	const from = zone.offset(before);
	let [low, high] = [before, after];
	while (high - low > MINUTE_MS) {
		const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS;
		if (zone.offset(middle) === from) low = middle;
		else high = middle;
	}
	return { at: high, from, to: zone.offset(after) };
}

/** Clocks never change twice within it. */
const STEP_MS = 7 * 24 * 60 * MINUTE_MS;
/** Nobody knows the clock changes of a later time, and listing those of thousands of years takes minutes. */
const MAX_YEARS = 200;

/** Without luxon's dates, which would take ten times as long. */
function listTransitions(zone: Zone, from: number, until: number): Transition[] {
	const transitions: Transition[] = [];
	for (let at = from; at < until; at += STEP_MS)
		if (zone.offset(at + STEP_MS) !== zone.offset(at)) transitions.push(findTransition(zone, at, at + STEP_MS));
	return transitions;
}

/** A VTIMEZONE that lists every transition by date, so that no rule has to be derived. */
export function createTimeZone(zone: string, from: DateTime, until: DateTime): Component {
	const clock = Info.normalizeZone(zone);
	const last = DateTime.min(until, from.plus({ years: MAX_YEARS }));
	const transitions = listTransitions(clock, from.toMillis(), last.toMillis());
	const first = clock.offset(from.toMillis());
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
		const same = byOffsets.get(key);
		if (same) same.push(transition);
		else byOffsets.set(key, [transition]);
	}
	for (const same of byOffsets.values()) {
		const { from: before, to } = same[0];
		// A transition is written in the local time before it.
		const at = same.map((transition) =>
			DateTime.fromMillis(transition.at + before * MINUTE_MS, { zone: 'utc' }).toFormat("yyyyMMdd'T'HHmmss"),
		);
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
