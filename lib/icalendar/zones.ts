/** Resolves the time zones of a calendar file, and describes time zones in one. */
import { DateTime, IANAZone } from 'luxon';
import { createLine, findLine, type Component } from './lines';

/** The Windows names of common time zones, as Outlook and Exchange use them. */
const WINDOWS_ZONES: Record<string, string> = {
	'AUS Eastern Standard Time': 'Australia/Sydney',
	'Arab Standard Time': 'Asia/Riyadh',
	'Arabian Standard Time': 'Asia/Dubai',
	'Central Europe Standard Time': 'Europe/Budapest',
	'Central European Standard Time': 'Europe/Warsaw',
	'Central Standard Time': 'America/Chicago',
	'China Standard Time': 'Asia/Shanghai',
	'E. Europe Standard Time': 'Europe/Chisinau',
	'E. South America Standard Time': 'America/Sao_Paulo',
	'Eastern Standard Time': 'America/New_York',
	'FLE Standard Time': 'Europe/Kyiv',
	'GMT Standard Time': 'Europe/London',
	'GTB Standard Time': 'Europe/Bucharest',
	'Greenwich Standard Time': 'Atlantic/Reykjavik',
	'India Standard Time': 'Asia/Kolkata',
	'Israel Standard Time': 'Asia/Jerusalem',
	'Korea Standard Time': 'Asia/Seoul',
	'Mountain Standard Time': 'America/Denver',
	'New Zealand Standard Time': 'Pacific/Auckland',
	'Pacific Standard Time': 'America/Los_Angeles',
	'Romance Standard Time': 'Europe/Paris',
	'Russian Standard Time': 'Europe/Moscow',
	'SE Asia Standard Time': 'Asia/Bangkok',
	'Singapore Standard Time': 'Asia/Singapore',
	'South Africa Standard Time': 'Africa/Johannesburg',
	'Taipei Standard Time': 'Asia/Taipei',
	'Tokyo Standard Time': 'Asia/Tokyo',
	'Turkey Standard Time': 'Europe/Istanbul',
	UTC: 'UTC',
	'W. Australia Standard Time': 'Australia/Perth',
	'W. Europe Standard Time': 'Europe/Berlin',
};

/** Also finds the IANA name at the end of IDs such as `/mozilla.org/20050126_1/Europe/Berlin`. */
function findIanaName(id: string): string | undefined {
	const name = id.trim();
	const tail = name.split('/').slice(-3);
	const names = [name, WINDOWS_ZONES[name], ...tail.map((_, from) => tail.slice(from).join('/'))];
	return names.find(
		(candidate) =>
			candidate !== undefined && candidate !== '' && IANAZone.isValidZone(candidate) && !/^[A-Z]{1,2}$/.test(candidate),
	);
}

const readOffset = (text: string): string | undefined => /^[+-]\d{4}/.exec(text)?.[0];

/** The IANA name of a TZID; a fixed offset of full hours if that is all the file describes; undefined if unknown. */
export function resolveZone(id: string, calendar: Component): string | undefined {
	const described = calendar.children.find(
		(part) => part.name === 'VTIMEZONE' && findLine(part, 'TZID')?.value.trim() === id.trim(),
	);
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
	while (high - low > 60_000) {
		const middle = Math.floor((low + high) / 2 / 60_000) * 60_000;
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
