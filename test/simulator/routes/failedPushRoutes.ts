/** The calls that list failed pushes. */
import { invalidParameter, type Call, type Route } from '../contract';
import { fieldsOf, numberOf } from '../fields';
import { FailedPushes } from '../push/http/failedPushes';
import { httpData, type Message } from '../push/message';
import type { World } from '../world';

const ALWAYS = { fromMs: -Infinity, toMs: Infinity };

const clientOf = ({ caller }: Call): string => caller?.clientId ?? '';

function oldList(call: Call, world: World): unknown {
	const { messages, hasMore } = world.use(FailedPushes).read(clientOf(call), ALWAYS, true);
	const entry = (message: Message): unknown => ({
		call_back_tag: message.eventType,
		event_time: message.bornAt,
		corpid: message.corpId,
		[world.switches.failedListKey === 'tag' ? message.eventType : 'callbackData']: httpData(message, world),
	});
	return { has_more: hasMore, failed_list: messages.map(entry) };
}

function newList(call: Call, world: World): unknown {
	const range = { fromMs: time(call, 'beginTime') ?? -Infinity, toMs: time(call, 'endTime') ?? Infinity };
	const discarding = world.switches.failedResultsOnceRead === 'discarded';
	const { messages, hasMore } = world.use(FailedPushes).read(clientOf(call), range, discarding);
	const entry = (message: Message): unknown => ({
		callBackTag: message.eventType,
		callBackData: JSON.stringify(httpData(message, world)),
		corpId: message.corpId,
		eventTime: message.bornAt,
	});
	return { failedList: messages.map(entry), hasMore };
}

function time({ query }: Call, name: string): number | undefined {
	if (query[name] === undefined) return undefined;
	const value = numberOf(fieldsOf(query), name);
	if (value === undefined) throw invalidParameter(`${name} must be a timestamp in milliseconds`);
	return value;
}

/** The permission and metering are not documented; the calls are not on the list of free ones. */
export const routes: Route[] = [
	{
		method: 'GET',
		path: '/call_back/get_call_back_failed_result',
		style: 'old',
		token: 'app',
		metered: true,
		handle: oldList,
	},
	{
		method: 'GET',
		path: '/v1.0/event/callbacks/failedResults',
		style: 'new',
		token: 'app',
		metered: true,
		handle: newList,
	},
];
