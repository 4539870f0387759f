/** Time zones: which one a TZID means, and how one is described for other calendars. */
import { DateTime, IANAZone } from 'luxon';
import { findLine, type Component, type ContentLine } from './lines';

/** What Outlook and Exchange call the zones, as far as they are met in practice. */
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

/** `/mozilla.org/20050126_1/Europe/Berlin` ends with the name everybody uses. */
function findIanaName(id: string): string | undefined {
	const name = id.trim();
	const tail = name.split('/').slice(-3);
	const names = [name, WINDOWS_ZONES[name], ...tail.map((_, from) => tail.slice(from).join('/'))];
	return names.find(
		(name) => name !== undefined && name !== '' && IANAZone.isValidZone(name) && !/^[A-Z]{1,2}$/.test(name),
	);
}

const readOffset = (text: string): string | undefined => /^[+-]\d{4}/.exec(text)?.[0];

/** The IANA name of a TZID, also of full hours where the file describes no more; undefined where it cannot be known. */
export function resolveZone(id: string, calendar: Component): string | undefined {
	const described = calendar.children.find(
		(part) => part.name === 'VTIMEZONE' && findLine(part, 'TZID')?.value.trim() === id.trim(),
	);
	const found = findIanaName(id) ?? findIanaName((described && findLine(described, 'X-LIC-LOCATION')?.value) ?? '');
	if (found || !described) return found;
	const offsets = new Set(described.children.map((part) => readOffset(findLine(part, 'TZOFFSETTO')?.value ?? '')));
	const [only] = offsets;
	// These names count the other way round.
	const hours = offsets.size === 1 && only?.endsWith('00') ? -Number(only.slice(0, 3)) : undefined;
	return hours === undefined ? undefined : `Etc/GMT${hours < 0 ? '' : '+'}${hours === 0 ? 0 : hours}`;
}

const createLine = (name: string, value: string): ContentLine => ({ name, params: {}, value });
const formatOffset = (minutes: number): string => {
	const size = Math.abs(minutes);
	return `${minutes < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}${String(size % 60).padStart(2, '0')}`;
};

interface Transition {
	at: DateTime;
	from: number;
	to: number;
}

/** The moment, to the minute, at which the offset changes between two. */
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
	const changes: Transition[] = [];
	for (let day = from.setZone(zone); day < until;) {
		const next = day.plus({ days: 7 });
		if (next.offset !== day.offset) changes.push(findTransition(day, next));
		day = next;
	}
	return changes;
}

/** Every change of the clocks by its date: nothing has to be guessed about when a country changes them. */
export function createTimeZone(zone: string, from: DateTime, until: DateTime): Component {
	const changes = listTransitions(zone, from, until);
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
	for (const change of changes)
		byOffsets.set(`${change.from} ${change.to}`, [...(byOffsets.get(`${change.from} ${change.to}`) ?? []), change]);
	for (const same of byOffsets.values()) {
		const { from: before, to } = same[0];
		// A change is written in the clock time that was valid before it.
		const at = same.map((change) => change.at.toUTC().plus({ minutes: before }).toFormat("yyyyMMdd'T'HHmmss"));
		// Some readers pass over the start where there are further dates, so it is among them too.
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
