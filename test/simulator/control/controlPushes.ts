/** Control plane calls for pushes: list them, push synthetic events, seed the random numbers. */
import type { App } from '../company';
import { fieldsOf, isFields, isTextList, numberOf, textOf, type Fields } from '../fields';
import { CALENDAR_CHANGE } from '../push/message';
import { PushRecords, type Channel } from '../push/record';
import { pushSynthetic, UnpushableError, type SyntheticPush } from '../push/synthetic';
import { Random } from '../random';
import type { World } from '../world';
import { ControlError, type ControlRoute } from './controlRequest';

const VIA: Record<string, Channel[]> = { stream: ['stream'], http: ['http'], both: ['http', 'stream'] };
const ORDERS = ['asItHappened', 'reversed', 'shuffled'] as const;
const CASINGS = ['camel', 'pascal'] as const;
const FIELD_NAMES = [
	'clientId',
	'via',
	'eventType',
	'changeType',
	'eventId',
	'unionIds',
	'fields',
	'extra',
	'casing',
	'count',
	'copies',
	'order',
	'delayMs',
	'spoil',
];
const MAX_COUNT = 100_000;

function pushOnRequest(body: unknown, world: World): unknown {
	const request = parsePushRequest(fieldsOf(body), world);
	try {
		const records = pushSynthetic(request, world);
		return {
			pushes: records.map(({ pushId, clientId, via, state, message }) => ({
				pushId,
				clientId,
				via,
				state,
				eventId: message.eventId,
			})),
		};
	} catch (error) {
		if (error instanceof UnpushableError) throw new ControlError(error.message);
		throw error;
	}
}

function parsePushRequest(fields: Fields, world: World): SyntheticPush {
	const unknown = Object.keys(fields).find((name) => !FIELD_NAMES.includes(name));
	if (unknown !== undefined) throw new ControlError(`A push accepts ${FIELD_NAMES.join(', ')}, not "${unknown}".`);
	if (fields.unionIds !== undefined && !isTextList(fields.unionIds))
		throw new ControlError('"unionIds" must be a list of union IDs.');
	return {
		apps: readApps(fields, world),
		via: fields.via === undefined ? undefined : VIA[readOption(fields, 'via', Object.keys(VIA))],
		eventType: textOf(fields, 'eventType') ?? CALENDAR_CHANGE,
		changeType: textOf(fields, 'changeType') ?? world.switches.createdIsCalled,
		eventId: textOf(fields, 'eventId'),
		unionIds: fields.unionIds,
		fields: readObject(fields, 'fields') ?? {},
		extra: readObject(fields, 'extra'),
		casing: fields.casing === undefined ? undefined : readOption(fields, 'casing', CASINGS),
		count: readCount(fields, 'count', 1),
		copies: readCount(fields, 'copies', 1),
		order: fields.order === undefined ? 'asItHappened' : readOption(fields, 'order', ORDERS),
		delayMs: readCount(fields, 'delayMs', 0),
		spoil: textOf(fields, 'spoil'),
	};
}

function readApps(fields: Fields, { company: { apps } }: World): App[] {
	const clientId = textOf(fields, 'clientId');
	if (clientId === undefined) return apps;
	const app = apps.find((known) => known.clientId === clientId);
	if (app === undefined) throw new ControlError('"clientId" must be the client ID of a seeded app.');
	return [app];
}

function readOption<T extends string>(fields: Fields, name: string, known: readonly T[]): T {
	const found = known.find((entry) => entry === fields[name]);
	if (found === undefined) throw new ControlError(`"${name}" must be one of: ${known.join(', ')}.`);
	return found;
}

function readCount(fields: Fields, name: string, otherwise: number): number {
	if (fields[name] === undefined) return otherwise;
	const value = numberOf(fields, name);
	if (
		value === undefined ||
		value < otherwise ||
		value > MAX_COUNT * 1000 ||
		(name !== 'delayMs' && value > MAX_COUNT)
	) {
		throw new ControlError(`"${name}" must be a whole number from ${otherwise}.`);
	}
	return value;
}

function readObject(fields: Fields, name: string): Fields | undefined {
	const value = fields[name];
	if (value === undefined || isFields(value)) return value;
	throw new ControlError(`"${name}" must be an object.`);
}

function reseed(body: unknown, world: World): unknown {
	const value = numberOf(fieldsOf(body), 'seed');
	if (value === undefined) throw new ControlError('"seed" must be a whole number.');
	world.use(Random).seed(value);
	return { seed: value };
}

export const pushRoutes: ControlRoute[] = [
	{
		method: 'GET',
		path: '/_simulator/push',
		description: 'lists all pushes with their state and attempts',
		handle: (_body, { world }) => ({ pushes: world.use(PushRecords).describe() }),
	},
	{
		method: 'POST',
		path: '/_simulator/push',
		description: `{${FIELD_NAMES.join(', ')}} pushes synthetic changes, optionally repeated, delayed, reordered or malformed`,
		handle: (body, { world }) => pushOnRequest(body, world),
	},
	{
		method: 'POST',
		path: '/_simulator/random',
		description: '{seed} reseeds the random numbers that pick connections, repetitions and order',
		handle: (body, { world }) => reseed(body, world),
	},
];
