/** The option 'Remove What Is No Longer Listed': the items are all that is to be under a prefix in a time, and the rest is removed. */
import { Interval, type DateTime } from 'luxon';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { CalendarRef } from '../../../../lib/dingtalk/events/findByKey';
import { KeyedEvents } from '../../../../lib/dingtalk/keyed/keyedEvents';
import { findUnlisted, removeEvents, type UnlistedEvent } from '../../../../lib/dingtalk/keyed/removeUnlisted';
import { PreviewClient } from '../../../../lib/dingtalk/client/previewClient';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import { MINUTE } from '../../../../lib/dingtalk/utils/time';
import { localEnd, localTime, readOptionalMoment } from '../../../../lib/n8n/fields/dateTime';
import { readChoice, readText } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
import { previewOutput } from '../common/runOptions';
import { t, translate } from '../../../../lib/locale/t';
import type { FinalResult } from '../../../../lib/n8n/Operation';

const OPTION = 'Remove What Is No Longer Listed';

export const removeUnlistedField: INodeProperties = {
	displayName: OPTION,
	name: 'removeUnlisted',
	type: 'fixedCollection',
	default: {},
	placeholder: 'Set What to Remove',
	description:
		'The items are the whole list: in this time, events of the same calendar whose key has the prefix and is in no item are cancelled for everyone. All items must come in one run, not in batches. One call per event; events that repeat stay.',
	options: [
		{
			displayName: 'List',
			name: 'list',
			values: [
				{
					displayName: 'Do',
					name: 'mode',
					type: 'options',
					default: 'preview',
					options: [
						{ name: 'Preview', value: 'preview', description: 'Return what would be removed' },
						{ name: 'Remove', value: 'remove' },
					],
				},
				{
					displayName: 'From',
					name: 'from',
					type: 'dateTime',
					default: '',
					description: 'Events that start earlier are never removed',
				},
				{
					displayName: 'If the List Is Empty',
					name: 'ifEmpty',
					type: 'options',
					default: 'fail',
					description:
						"What to do with a list without rows, which comes as one empty item if 'Always Output Data' is on in the node before",
					options: [
						{ name: 'Fail', value: 'fail', description: 'Remove nothing' },
						{ name: 'Remove All', value: 'removeAll', description: 'Remove all events under the prefix in this time' },
					],
				},
				{
					displayName: 'Key Prefix',
					name: 'prefix',
					type: 'string',
					default: '',
					placeholder: 'e.g. SHIFT-',
					description:
						'What all keys of the list begin with. Events with other keys are never removed; those of a longer prefix, such as SHIFT-NIGHT- beside SHIFT-, are.',
				},
				{
					displayName: 'Until',
					name: 'until',
					type: 'dateTime',
					default: '',
					description: 'Events that start at this time or later are never removed',
				},
			],
		},
	],
};

interface List {
	prefix: string;
	window: Interval<true>;
	mode: 'preview' | 'remove';
	ifEmpty: 'fail' | 'removeAll';
}

function readTime(value: unknown, zone: string, label: string): DateTime {
	const moment = readOptionalMoment(value, zone, label);
	if (moment) return moment;
	throw new InputError(label, t`is empty`, t`'${translate(OPTION)}' needs the time that the list is about.`);
}

function readList(value: unknown, zone: string): List | undefined {
	const stored = isObject(value) && isObject(value.list) ? value.list : undefined;
	if (!stored) return undefined;
	const prefix = readText(stored.prefix ?? '', 'Key Prefix').trim();
	if (!/[^\p{L}\p{M}\p{N}]$/u.test(prefix)) {
		throw new InputError(
			'Key Prefix',
			prefix === '' ? t`is empty` : t`ends with a letter or digit: ${prefix}`,
			t`End it with another character, such as SHIFT-, so that it is not the beginning of a longer prefix.`,
		);
	}
	const from = readTime(stored.from, zone, 'From');
	const until = readTime(stored.until, zone, 'Until');
	if (until <= from) throw new InputError('Until', t`is not after 'From'`, t`Enter a time that is later than 'From'.`);
	return {
		prefix,
		window: Interval.fromDateTimes(from, until) as Interval<true>,
		mode: readChoice(stored.mode ?? 'preview', 'Do', ['preview', 'remove'] as const),
		ifEmpty: readChoice(stored.ifEmpty ?? 'fail', 'If the List Is Empty', ['fail', 'removeAll'] as const),
	};
}

interface ListedItem extends List {
	index: number;
	/** Undefined for the empty item that represents an empty list. */
	key: string | undefined;
	calendarName: string;
	zone: string;
	isPreview: boolean;
	resolvePath(): Promise<CalendarRef['path']>;
}

/** All-day events have days of DingTalk's zone, so those of the first and last day can lie outside the window. */
const readingOf = ({ start, end }: Interval<true>): Interval<true> =>
	Interval.fromDateTimes(start.minus({ days: 1 }), end.plus({ days: 1 })) as Interval<true>;

/** What the items of a run list. */
export class ListedItems {
	readonly items: ListedItem[] = [];
}

/** n8n's stand-in for no items at all. */
const standsForEmptyList = (item: Item): boolean =>
	Object.keys(item.input).length === 0 && String(item.value('externalKey') ?? '').trim() === '';

export type ListReader = Pick<ListedItem, 'calendarName' | 'zone' | 'resolvePath'> & { options: Values };

/** Notes the item for the end of the run. Returns whether it represents an empty list. */
export function noteListed(item: Item, readKey: () => string, { options, ...target }: ListReader): boolean {
	const list = readList(options.removeUnlisted, target.zone);
	if (!list) return false;
	const isEmpty = standsForEmptyList(item);
	if (isEmpty && list.mode === 'remove' && list.ifEmpty === 'fail') {
		throw new InputError(
			'External Key',
			t`is empty because the list has no rows, so nothing is removed`,
			t`Check where the rows come from. To remove all events under the prefix, set 'If the List Is Empty' to 'Remove All'.`,
		);
	}
	if (list.mode === 'remove' && typeof item.input.error === 'string' && item.input.error !== '') {
		throw new InputError(
			OPTION,
			t`needs all rows, and this one comes from an error output`,
			t`Nothing is removed, because the rows that succeeded may be missing. Pass all rows again, or set 'Do' to 'Preview'. If 'error' is a column of your list, rename it.`,
		);
	}
	const key = isEmpty ? undefined : readKey();
	if (key !== undefined && !key.startsWith(list.prefix)) {
		throw new InputError(
			'External Key',
			t`does not begin with the key prefix '${list.prefix}': ${key}`,
			t`Correct 'Key Prefix' in '${OPTION}'. With another prefix, events that are listed would be removed.`,
		);
	}
	item.shared(KeyedEvents).announce(target.calendarName, readingOf(list.window));
	const { index, client } = item;
	item.shared(ListedItems).items.push({ ...list, ...target, index, key, isPreview: client.isPreview });
	return isEmpty;
}

/** The items of one calendar. */
interface ListedCalendar {
	path: CalendarRef['path'];
	members: ListedItem[];
}

/** Removes or returns, for each calendar and prefix that the items name, what no item of the calendar lists. */
export async function finishLists(items: Item[]): Promise<FinalResult[]> {
	const [first] = items;
	const listed = first?.shared(ListedItems).items ?? [];
	if (!first || listed.length === 0) return [];
	const keyless = items.length - listed.filter(({ key }) => key !== undefined).length;
	const isEmptyList = items.length === 1 && listed.length === 1;
	if (keyless > 0 && !isEmptyList) {
		throw new InputError(
			OPTION,
			keyless === 1
				? t`needs the key of each item, and one of ${items.length} has none that can be used`
				: t`needs the key of each item, and ${keyless} of ${items.length} have none that can be used`,
			t`Nothing was removed. Correct these items and run this again.`,
		);
	}
	const calendars = new Map<string, ListedCalendar>();
	for (const member of listed) {
		// An unknown person may be the one whose calendar this is, so nothing is removed then.
		const path = await member.resolvePath();
		const name = JSON.stringify(path);
		const calendar = calendars.get(name) ?? { path, members: [] };
		calendar.members.push(member);
		calendars.set(name, calendar);
	}
	const plans = [...calendars.values()].flatMap((calendar) => splitByPrefix(calendar));
	const results: FinalResult[] = [];
	for (const plan of plans) results.push(...(await finishList(first, plan)));
	return results;
}

interface ListPlan {
	path: CalendarRef['path'];
	/** Of the prefix; what it says counts for all of them. */
	list: ListedItem;
	/** All that is listed in the calendar, also under other prefixes: one prefix can be the beginning of another. */
	keys: ReadonlySet<string>;
	/** The events that another prefix of the calendar has dealt with. */
	handled: Set<string>;
	isPreview: boolean;
}

/** How far the times of one list may differ between items: n8n evaluates `$now` for each of them. */
const MAX_DRIFT_MS = 10 * MINUTE;

const isNear = (a: DateTime, b: DateTime): boolean => Math.abs(a.diff(b).toMillis()) <= MAX_DRIFT_MS;

function splitByPrefix({ path, members }: ListedCalendar): ListPlan[] {
	const keys = new Set(members.flatMap(({ key }) => (key === undefined ? [] : [key])));
	const isPreview = members.some((member) => member.isPreview);
	const handled = new Set<string>();
	const lists = new Map<string, ListedItem>();
	for (const member of members) {
		const list = lists.get(member.prefix) ?? member;
		const isSame =
			list.mode === member.mode &&
			isNear(list.window.start, member.window.start) &&
			isNear(list.window.end, member.window.end);
		if (!isSame) {
			throw new InputError(
				OPTION,
				t`is not the same in items ${list.index} and ${member.index}`,
				t`Nothing was removed. 'Do', 'From' and 'Until' must be the same for all items with the same 'Key Prefix' and calendar.`,
			);
		}
		lists.set(member.prefix, list);
	}
	return [...lists.values()].map((list) => ({ path, list, keys, handled, isPreview }));
}

async function finishList(first: Item, { path, list, keys, handled, isPreview }: ListPlan): Promise<FinalResult[]> {
	const { index, prefix, window, mode, calendarName, zone } = list;
	const calendar = { client: first.client, path };
	const events = await first.shared(KeyedEvents).calendar(calendar, calendarName).list(calendar, readingOf(window));
	const unlisted = findUnlisted(events, { prefix, keys, window, zone }).filter(({ id }) => !handled.has(id));
	for (const { id } of unlisted) handled.add(id);
	const removable = unlisted.filter(({ isSeries }) => !isSeries);
	const removes = mode === 'remove' && !isPreview;
	const keyOf = (id: string): string => first.keyAfterRead('remove unlisted', id);
	if (removes) await removeEvents(calendar, removable, keyOf);
	const preview = async (one: UnlistedEvent): Promise<IDataObject> => {
		const client = new PreviewClient(first.client);
		if (mode === 'remove' && !one.isSeries) await removeEvents({ client, path }, [one], keyOf);
		return previewOutput(client);
	};
	const describe = ({ id, key, event, isSeries }: UnlistedEvent): IDataObject => ({
		id,
		key,
		action: isSeries ? 'kept' : removes ? 'removed' : 'wouldRemove',
		changed: [],
		addedAttendees: [],
		removedAttendees: [],
		summary: event.summary,
		start: localTime(event.start, zone),
		end: localEnd(event.end, zone),
	});
	return await Promise.all(
		unlisted.map(async (one) => ({ index, result: { ...describe(one), ...(isPreview ? await preview(one) : {}) } })),
	);
}
