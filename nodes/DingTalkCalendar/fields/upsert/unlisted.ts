/** The option 'Remove What Is No Longer Listed': the items are all that is to be under a prefix in a time, and the rest is removed. */
import { Interval, type DateTime } from 'luxon';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { CalendarRef } from '../../../../lib/dingtalk/events/findByKey';
import { KeyedEvents } from '../../../../lib/dingtalk/keyed/keyedEvents';
import { findUnlisted, removeEvents, type UnlistedEvent } from '../../../../lib/dingtalk/keyed/removeUnlisted';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import { localEnd, localTime, readOptionalMoment } from '../../../../lib/n8n/fields/dateTime';
import { readChoice, readText } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Item, Values } from '../../../../lib/n8n/ItemContext';
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
					description: 'What all keys of the list begin with. Events with other keys are never removed.',
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
	if (!/[^\p{L}\p{N}]$/u.test(prefix)) {
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
	const key = isEmpty ? undefined : readKey();
	if (key !== undefined && !key.startsWith(list.prefix)) {
		throw new InputError(
			'External Key',
			t`does not begin with the key prefix '${list.prefix}': ${key}`,
			t`Correct 'Key Prefix' in '${OPTION}'. With another prefix, events that are listed would be removed.`,
		);
	}
	item.shared(KeyedEvents).announce(target.calendarName, list.window);
	const { index, client } = item;
	item.shared(ListedItems).items.push({ ...list, ...target, index, key, isPreview: client.isPreview });
	return isEmpty;
}

/** Removes or returns, for each calendar, prefix and time that the items name, what none of them lists. */
export async function finishLists(items: Item[]): Promise<FinalResult[]> {
	const [first] = items;
	const listed = first?.shared(ListedItems).items ?? [];
	if (!first || listed.length === 0) return [];
	if (listed.length < items.length) {
		throw new InputError(
			OPTION,
			t`needs the key of each item, and ${items.length - listed.length} of ${items.length} have none that can be used`,
			t`Nothing was removed. Correct these items and run this again.`,
		);
	}
	const groups = new Map<string, { path: CalendarRef['path']; members: ListedItem[] }>();
	for (const member of listed) {
		// An unknown person may be the one whose calendar this is, so nothing is removed then.
		const path = await member.resolvePath();
		const name = JSON.stringify([path, member.prefix, member.window.toISO(), member.mode]);
		const group = groups.get(name) ?? { path, members: [] };
		group.members.push(member);
		groups.set(name, group);
	}
	const results: FinalResult[] = [];
	for (const { path, members } of groups.values()) results.push(...(await finishList(first, path, members)));
	return results;
}

async function finishList(first: Item, path: CalendarRef['path'], members: ListedItem[]): Promise<FinalResult[]> {
	const [{ index, prefix, window, mode, calendarName, zone }] = members;
	const calendar = { client: first.client, path };
	const keys = new Set(members.flatMap(({ key }) => (key === undefined ? [] : [key])));
	const events = await first.shared(KeyedEvents).calendar(calendar, calendarName).list(calendar, window);
	const unlisted = findUnlisted(events, { prefix, keys, window });
	const removable = unlisted.filter(({ isSeries }) => !isSeries);
	const removes = mode === 'remove' && !members.some(({ isPreview }) => isPreview);
	if (removes) await removeEvents(calendar, removable, (id) => first.keyAfterRead('remove unlisted', id));
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
	return unlisted.map((one) => ({ index, result: describe(one) }));
}
