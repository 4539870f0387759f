/** More Fields (JSON): fields of DingTalk's event object that the form does not have, such as `cardInstances`. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { isObject, parseJson } from '../../../../lib/dingtalk/utils/json';
import { InputError } from '../../../../lib/n8n/InputError';
import { t } from '../../../../lib/locale/t';

const LABEL = 'More Fields (JSON)';

export const moreFieldsField: INodeProperties = {
	displayName: LABEL,
	name: 'moreFields',
	type: 'json',
	default: '{}',
	description:
		'Other fields of the event, as DingTalk\'s API names them, for example {"cardInstances": [{"outTrackId": "card-1", "scenario": "meeting"}]}. They are sent unchanged, and cannot replace what the form sets.',
};

/** What the form always decides: which event it is, when it is, and who is invited. */
const OF_THE_FORM = ['id', 'summary', 'start', 'end', 'isAllDay', 'recurrence', 'attendees'];

function parse(value: unknown): Record<string, unknown> {
	const advice = t`Enter an object such as {"cardInstances": []}.`;
	if (typeof value !== 'string') {
		if (isObject(value)) return value;
		throw new InputError(LABEL, t`is not an object`, advice);
	}
	if (value.trim() === '') return {};
	const parsed = parseJson(value);
	if (parsed === undefined) throw new InputError(LABEL, t`is not valid JSON`, advice);
	if (!isObject(parsed)) throw new InputError(LABEL, t`is not an object`, advice);
	return parsed;
}

const taken = (field: string): InputError =>
	new InputError(LABEL, t`has '${field}', which the form sets`, t`Use the field of the form, or remove it here.`);

const noField = (field: string): InputError =>
	new InputError(LABEL, t`has '${field}', which is no field of an event`, t`Remove it.`);

/** Servers may read a name in other spellings too, such as `Summary` or `is_all_day`. */
const spellingOf = (name: string): string => name.replace(/[_-]/g, '').toLowerCase();

const findSame = (name: string, names: string[]): string | undefined =>
	names.find((one) => spellingOf(one) === spellingOf(name));

/** Undefined if the form leaves a field, and all of its entries that are given, to the user. */
function findDecided(field: string, given: unknown, decided: string[]): string | undefined {
	const whole = findSame(field, decided);
	if (whole !== undefined) return whole;
	const entries = decided.filter((name) => findSame(name.split('.')[0], [field]) !== undefined);
	if (!isObject(given)) return entries.length > 0 ? field : undefined;
	return entries.find((name) => findSame(name.split('.')[1], Object.keys(given)) !== undefined);
}

/**
 * The fields to send besides `content`. Maps such as `extra` are joined, as long as they have no entry in common. `decided` are
 * names such as `reminders` and `extra.noChatNotification` that the form sets by leaving them out.
 */
export function addMoreFields(value: unknown, content: IDataObject, decided: string[]): IDataObject {
	if (value === undefined) return content;
	const added = Object.entries(parse(value)).map(([field, given]): [string, unknown] => {
		if (field === '__proto__') throw noField(field);
		const fixed = findSame(field, OF_THE_FORM);
		if (fixed !== undefined) throw taken(fixed);
		const sent = findSame(field, Object.keys(content));
		const name = findDecided(field, given, decided);
		// What the form does send is compared below.
		if (name !== undefined && (name !== sent || sent === undefined)) throw taken(name);
		if (sent === undefined) return [field, given];
		const set: unknown = content[sent];
		if (!isObject(set) || !isObject(given)) throw taken(sent);
		const common = Object.keys(set).find((entry) => findSame(entry, Object.keys(given)) !== undefined);
		if (common !== undefined) throw taken(`${sent}.${common}`);
		return [sent, { ...set, ...given }];
	});
	return { ...content, ...Object.fromEntries(added) } as IDataObject;
}
