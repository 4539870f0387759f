/** Validates the fields of subscription calendars. */
import { isBlank, isSet, textField, objectField } from '../calendar/read';
import { invalidParameter } from '../contract';
import { isTextList, type Fields } from '../fields';
import type { World } from '../world';
import { canOffer, type Draft, type SubscribeScope } from './subscriptionStore';

const NAME_LIMIT = 128;
const MAX_DESCRIPTION = 1024;

function readName(body: Fields): string {
	if (isBlank(body.name)) throw invalidParameter('calendar name cannot be blank');
	const name = textField(body, 'name') ?? '';
	if (name.length >= NAME_LIMIT) throw invalidParameter(`calendar name length must less than ${NAME_LIMIT}`);
	return name;
}

function readDescription(body: Fields): string | undefined {
	const description = textField(body, 'description');
	if (description !== undefined && description.length > MAX_DESCRIPTION) {
		throw invalidParameter(`calendar description length must not exceed ${MAX_DESCRIPTION}`);
	}
	return description;
}

function textList(fields: Fields, name: string): string[] {
	const value = fields[name];
	if (!isSet(value)) return [];
	if (!isTextList(value)) throw invalidParameter(`${name} must be an array of strings`);
	return [...new Set(value)];
}

function unionIdsIn(fields: Fields, name: string, world: World): string[] {
	const unionIds = textList(fields, name);
	const stranger = unionIds.find((unionId) => !world.company.byUnionId(unionId));
	if (stranger !== undefined) throw invalidParameter(`${name} holds what is not a unionId: ${stranger}`);
	return unionIds;
}

function readScope(body: Fields, unionId: string, world: World): SubscribeScope {
	const fields = objectField(body, 'subscribeScope');
	const scope = {
		unionIds: unionIdsIn(fields ?? {}, 'unionIds', world),
		openConversationIds: textList(fields ?? {}, 'openConversationIds'),
		corpIds: textList(fields ?? {}, 'corpIds'),
	};
	if (Object.values(scope).every((ids) => ids.length === 0)) throw invalidParameter('subscribe range cannot be null');
	if (!canOffer(unionId, scope, world)) throw invalidParameter('current user must in range');
	return scope;
}

export const readDraft = (body: Fields, unionId: string, world: World): Draft => ({
	name: readName(body),
	description: readDescription(body),
	subscribeScope: readScope(body, unionId, world),
	managers: unionIdsIn(body, 'managers', world),
});

/** Only the fields that were sent; null counts as absent. */
export function readChanges(body: Fields, unionId: string, world: World): Partial<Draft> {
	return {
		...(isSet(body.name) ? { name: readName(body) } : {}),
		...(isSet(body.description) ? { description: readDescription(body) } : {}),
		...(isSet(body.subscribeScope) ? { subscribeScope: readScope(body, unionId, world) } : {}),
		...(isSet(body.managers) ? { managers: unionIdsIn(body, 'managers', world) } : {}),
	};
}
