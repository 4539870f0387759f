/** Checks that every field for people, found by walking the registry, accepts every way to identify a person. */
import type { IDataObject, INodeParameters, INodeProperties, INodePropertyCollection } from 'n8n-workflow';

import { resources } from '../../nodes/DingTalkCalendar/resources';
import { api } from '../../lib/dingtalk/endpoints';
import type { Operation } from '../../lib/n8n/Operation';
import type { Person } from '../simulator/company';
import { callsOf, hour, plant } from './support/events';
import { useDesk, type Desk } from './support/setup';
import { roomsOf } from './support/state';
import { sample } from '../long/amount';

const desk = useDesk({ waits: 'skipped' });

interface Field {
	property: INodeProperties;
	/** Collections around it, outermost first, and its own name. */
	path: string[];
}

const SEVERAL = '[]';

const isGroup = (option: object): option is INodePropertyCollection => 'values' in option;
const isField = (option: object): option is INodeProperties => 'type' in option && 'displayName' in option;

function fieldsOf(property: INodeProperties, around: string[] = []): Field[] {
	const path = [...around, property.name];
	const inner = (property.options ?? []).flatMap((option) => {
		const several = property.typeOptions?.multipleValues ? SEVERAL : '';
		if (isGroup(option)) return option.values.flatMap((value) => fieldsOf(value, [...path, option.name + several]));
		return isField(option) ? fieldsOf(option, path) : [];
	});
	return [{ property, path }, ...inner];
}

const isLocator = ({ property }: Field): boolean =>
	(property.modes ?? []).some(({ typeOptions }) => typeOptions?.searchListMethod === 'searchPeople');

/** The placeholder of a list of people shows a mobile number. */
const isList = ({ property }: Field): boolean =>
	property.type === 'string' && /1[3-9]\d{9}/.test(property.placeholder ?? '');

interface Asked {
	title: string;
	resource: string;
	operation: Operation;
	field: Field;
	/** The field of the same operation that says how the people in the list are written. */
	identifyBy?: Field;
}

const everyField = resources.flatMap(({ value: resource, operations }) =>
	operations.flatMap((operation) => {
		const fields = operation.properties.flatMap((property) => fieldsOf(property));
		return fields.map((field): Asked => {
			// Identify People By does not apply to this field.
			const places = field.path.includes('personZones');
			const identifyBy = places ? undefined : fields.find(({ property }) => property.name === 'identifyBy');
			return {
				title: `${resource}.${operation.value} ${field.path.join('.')}`,
				resource,
				operation,
				field,
				identifyBy,
			};
		});
	}),
);
const locators = everyField.filter(({ field }) => isLocator(field));
const lists = everyField.filter(({ field }) => isList(field));

type Values = Record<string, unknown>;

function put(target: Values, [name, ...rest]: string[], value: unknown): void {
	if (rest.length === 0) {
		target[name] = value;
		return;
	}
	if (name.endsWith(SEVERAL)) {
		const list = name.slice(0, -SEVERAL.length);
		const [first = {}] = (target[list] ?? []) as Values[];
		target[list] = [first];
		put(first, rest, value);
		return;
	}
	const inner = (target[name] ?? {}) as Values;
	target[name] = inner;
	put(inner, rest, value);
}

const locator = (value: string, mode: string) => ({ __rl: true, mode, value });

/** The host, in whose name everything else happens, and the people to identify: two where the field is a list. */
const cast = (company: Desk): { host: Person; meant: Person[] } => {
	const [host, , , anna, ben] = company.people;
	return { host, meant: [anna, ben] };
};

const DAY = { timeMin: '2026-03-03T00:00:00+08:00', timeMax: '2026-03-04T00:00:00+08:00' };

/** These operations change nothing the second time, so their previewed requests are compared. */
const PREVIEWED = ['sync', 'upsert'];

/** The parameters that an operation needs for its requests to succeed. */
async function scene({ resource, operation }: Asked): Promise<Values> {
	const { host, meant } = cast(desk());
	const guests = meant.map(({ unionId }) => ({ id: unionId, isOptional: false }));
	const planted = plant(desk(), host, { attendees: guests });
	const given: Values = {
		...DAY,
		user: locator(host.unionId, 'unionId'),
		eventId: locator(planted, 'id'),
		events: planted,
		externalKey: 'KEY-1',
		roomChoice: 'none',
		workingTime: { personZones: { place: [{ theirZone: 'America/New_York' }] } },
		// The planted event is at that time.
		options: operation.value === 'book' ? { onlyIfFree: 'nobody' } : {},
		newOrganizer: locator(host.unionId, 'unionId'),
		grantee: locator(host.unionId, 'unionId'),
		// In every form at once, because Identify People By applies to all lists of an operation.
		people: JSON.stringify([host]),
		attendees: JSON.stringify([host]),
		scopePeople: JSON.stringify([host]),
		summary: 'Meeting',
		name: 'Holidays',
		device: 'Laptop',
		start: '2026-03-03T10:00',
		end: '2026-03-03T11:00',
		aclId: 'nothing',
		updateFields: resource === 'event' ? { summary: 'Moved' } : { name: 'Moved' },
		runOptions: PREVIEWED.includes(operation.value) ? { preview: true } : {},
		rooms: locator(roomsOf(desk())[0].roomId, 'id'),
		roomId: locator(roomsOf(desk())[0].roomId, 'id'),
	};
	const wanted = operation.properties.map(({ name }) => name);
	const parameters = Object.fromEntries(wanted.filter((name) => name in given).map((name) => [name, given[name]]));
	if (
		operation.properties.some(({ name, required }) => name === 'calendarId' && required) &&
		resource.match(/^(calendar|subscriptionCalendar)$/)
	) {
		parameters.calendarId = locator(await subscriptionCalendar(host), 'id');
	}
	return { resource, operation: operation.value, ...parameters };
}

async function subscriptionCalendar({ unionId }: Person): Promise<string> {
	const { items } = await desk().runNode({
		parameters: {
			resource: 'subscriptionCalendar',
			operation: 'create',
			user: locator(unionId, 'unionId'),
			name: 'Holidays',
			scopePeople: unionId,
		},
	});
	return String(items[0].calendarId);
}

const fullWidth = (text: string): string =>
	[...text].map((sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)).join('');

const MOBILES: Array<[string, (person: Person) => unknown]> = [
	['mobile', ({ mobile }) => mobile],
	['mobile as a number', ({ mobile }) => Number(mobile)],
	['mobile with +86', ({ mobile }) => `+86${mobile}`],
	['mobile with +86 and spaces', ({ mobile }) => `+86 ${mobile.slice(0, 3)} ${mobile.slice(3, 7)} ${mobile.slice(7)}`],
	['mobile with dashes', ({ mobile }) => `${mobile.slice(0, 3)}-${mobile.slice(3, 7)}-${mobile.slice(7)}`],
	['mobile with 0086', ({ mobile }) => `0086 ${mobile}`],
	['mobile in full width', ({ mobile }) => fullWidth(mobile)],
	['name <mobile>', ({ name, mobile }) => `${name} <${mobile}>`],
];

const NAMES: Array<[string, (person: Person) => unknown]> = [
	['name', ({ name }) => name],
	['pinyin', ({ pinyin }) => pinyin],
];

/** By the mode of a locator, or the value of Identify People By; all except `auto` say what the text is. */
const FORMS: Record<string, Array<[string, (person: Person) => unknown]>> = {
	mobile: MOBILES,
	userId: [
		['user ID', ({ userId }) => userId],
		['name <user ID>', ({ name, userId }) => `${name} <${userId}>`],
	],
	unionId: [
		['union ID', ({ unionId }) => unionId],
		['name <union ID>', ({ name, unionId }) => `${name} <${unionId}>`],
	],
	email: [
		['e-mail', ({ email }) => email],
		['e-mail in capitals', ({ email }) => ` ${email.toUpperCase()} `],
		['name <e-mail>', ({ name, email }) => `${name} <${email}>`],
	],
	name: NAMES,
	list: [['union ID', ({ unionId }) => unionId]],
};

const OBJECTS: Array<[string, (person: Person) => unknown]> = [
	[
		'as Get Many of Attendee gives it',
		({ unionId, name }) => ({ id: unionId, displayName: name, responseStatus: 'accepted', self: false }),
	],
	['as contacts give it', ({ unionId, userId, name, mobile }) => ({ unionid: unionId, userid: userId, name, mobile })],
	['as a sheet gives it', ({ name, mobile }) => ({ unionId: '', userId: null, name, mobile })],
];

const ANY = [...Object.entries(FORMS).flatMap(([kind, forms]) => (kind === 'list' ? [] : forms)), ...OBJECTS];

const formsOfKind = (kind: string): Array<[string, (person: Person) => unknown]> =>
	kind === 'auto' ? ANY : FORMS[kind];

interface Given {
	says: string;
	value: unknown;
	/** The mode of the locator, or the value of Identify People By. */
	by?: string;
}

interface Outcome {
	/** The distinct requests to the calendar. */
	different: string[];
	/** How often the requests contain one of the expected people. */
	naming: number;
	/** The distinct codes of refused requests. */
	refused: string[];
	items: IDataObject[];
}

const namesIn = (unionIds: string[], request: string): number =>
	unionIds.filter((unionId) => request.includes(unionId)).length;

/** Runs the operation with an expression in the field, and one item per form. */
async function outcomeOf(
	asked: Asked,
	given: Given[],
	write: (parameters: Values) => void,
	unionIds: string[],
): Promise<Outcome> {
	const parameters = await scene(asked);
	write(parameters);
	await desk().recorder.clear();
	const { items } = await desk().runNode({
		parameters: parameters as INodeParameters,
		items: given.map(({ value, by }) => ({ value, by }) as IDataObject),
		onError: 'continueRegularOutput',
	});
	// Every scene has its own event, and sometimes its own calendar.
	const locators = [parameters.eventId, parameters.calendarId].map((one) => (one as Values | undefined)?.value);
	const own = [...locators, parameters.events].filter((id): id is string => typeof id === 'string' && id !== 'primary');
	const withoutOwn = (request: string): string =>
		own.reduce((text, id) => text.replaceAll(id, 'OWN').replaceAll(encodeURIComponent(id), 'OWN'), request);
	const calls = (await callsOf(desk())).filter(
		({ path, code }) => /^\/v1\.0\/(calendar|rooms)\//.test(path) && !String(code).includes('QpsLimit'),
	);
	const requests = calls.map(({ method, path, query, body }) =>
		withoutOwn(JSON.stringify({ method, path, query, body })),
	);
	const unanswered = calls
		.filter(({ status }) => status !== 200)
		.map(({ status, code }) => `${String(status)} ${String(code)}`);
	return {
		different: [...new Set(requests)].sort(),
		naming: requests.reduce((sum, request) => sum + namesIn(unionIds, request), 0),
		refused: [...new Set(unanswered)].sort(),
		items,
	};
}

const VALUE = '={{ $json.value }}';

describe('The fields for people', () => {
	it('are all covered by this test', () => {
		const asks = /mobile|union ID|user ID|attendees|people|organizer|manager/i;
		const elsewhere = [
			'calendarId',
			'eventId',
			'aclId',
			'departments',
			'identifyBy',
			'summary',
			'title',
			'calendarDescription',
			'theirZone',
			'heading',
			'minCapacity',
		];
		const suspects = everyField
			.filter(
				({ field: { property } }) =>
					['string', 'resourceLocator', 'json'].includes(property.type) && !elsewhere.includes(property.name),
			)
			.filter(({ field: { property } }) =>
				asks.test(
					[
						property.displayName,
						property.description,
						property.placeholder,
						property.hint,
						JSON.stringify(property.modes ?? []),
					].join(' '),
				),
			);
		const covered = [...locators, ...lists].map(({ title }) => title);
		expect(suspects.map(({ title }) => title).filter((title) => !covered.includes(title))).toEqual([]);
		expect(new Set(locators.map(({ field }) => field.path.join('.')))).toEqual(
			new Set(['user', 'newOrganizer', 'grantee']),
		);
		expect(lists.map(({ field }) => field.path.at(-1))).toEqual(
			expect.arrayContaining(['attendees', 'optionalAttendees', 'people', 'managers', 'scopePeople', 'organizer']),
		);
	});

	it('occur in every operation, and all modes of their locators are tested', () => {
		for (const { value, operations } of resources) {
			// A list of the organization, such as that of the categories, is no person's.
			const isOfPerson = ({ calls }: Operation): boolean => calls.some(({ path }) => path !== api.listCategories.path);
			for (const operation of operations.filter(isOfPerson)) {
				const title = `${value}.${operation.value} `;
				expect({ title, asks: locators.some((asked) => asked.title.startsWith(title)) }).toEqual({ title, asks: true });
			}
		}
		for (const { field } of locators) {
			expect(
				(field.property.modes ?? []).map(({ name }) => name).filter((mode) => mode !== 'auto' && !(mode in FORMS)),
			).toEqual([]);
		}
	});
});

describe('A field for one person', () => {
	it.each(locators)('accepts the same person in $title in every mode and form', async (asked) => {
		const { meant } = cast(desk());
		const [who] = meant;
		const ids = [who.unionId];
		const at = (mode: string) => (parameters: Values) => {
			put(parameters, asked.field.path, locator(VALUE, mode));
		};
		const baseline = await outcomeOf(asked, [{ says: 'union ID', value: who.unionId }], at('unionId'), ids);
		expect(baseline.naming).toBeGreaterThan(0);
		const forms = (asked.field.property.modes ?? []).flatMap(({ name: by }) =>
			formsOfKind(by).map(([says, form]): Given => ({ says, by, value: form(who) })),
		);
		const given = sample(forms, { every: 8, turn: locators.indexOf(asked) });
		const outcome = await outcomeOf(asked, given, at('={{ $json.by }}'), ids);
		expect(outcome.items.filter(({ error }) => String(error).includes('cannot be used'))).toEqual([]);
		expect(outcome.different).toEqual(baseline.different);
		// Create or Update reads a calendar once per run.
		const readings = asked.operation.value === 'upsert' ? 1 : given.length;
		expect(outcome.naming).toBeGreaterThanOrEqual(readings);
	});
});

const JOINTS: Array<[string, (...texts: string[]) => unknown]> = [
	[',', (...texts) => texts.join(',')],
	[', with blanks and one too many', (...texts) => ` ${texts.join(' , ')}, `],
	['，', (...texts) => texts.join('，')],
	['、', (...texts) => texts.join('、')],
	['lines', (...texts) => texts.join('\n')],
	['JSON text', (...texts) => JSON.stringify(texts)],
	['an array', (...texts) => texts],
];

/** Two people in every form: in an array with all forms, and joined in every way. */
function listForms([anna, ben]: Person[]): Given[] {
	const forms = ANY.map(([says, form]): Given => ({ says, value: [form(anna), form(ben)] }));
	const joined = JOINTS.flatMap(([says, join]): Given[] => [
		{ says: `${says}: names`, value: join(anna.name, ben.name) },
		{ says: `${says}: mixed`, value: join(`${anna.name} <${anna.userId}>`, `+86 ${ben.mobile}`) },
	]);
	const objects = OBJECTS.map(([says, form]): Given => ({
		says: `JSON ${says}`,
		value: JSON.stringify([form(anna), form(ben)]),
	}));
	return [...forms, ...joined, ...objects];
}

/** With a kind selected, objects are also read by that kind. */
const kindForms = ([anna, ben]: Person[]): Given[] =>
	Object.entries(FORMS)
		.filter(([kind]) => kind !== 'list')
		.flatMap(([by, forms]) => [
			...forms.map(([says, form]): Given => ({ says, by, value: [form(anna), form(ben)] })),
			{
				says: `objects by ${by}`,
				by,
				value: [anna, ben].map(({ name, unionId, userId, mobile, email }) => ({
					name,
					unionId,
					userId,
					mobile,
					email,
				})),
			},
		]);

/** Only the first item of a run reads the calendar. */
const withoutCost = (item: IDataObject): IDataObject => ({ ...item, meteredCalls: 0, meteredReads: 0 });

/** Each run has an event of its own in the paths. */
const bodiesOf = ({ requests }: IDataObject): object[] => (requests as Array<{ body: object }>).map(({ body }) => body);

/** What becomes of each item: the requests of its preview, or else those that were sent. */
const effectsOf = ({ operation }: Asked, { different, items }: Outcome): unknown[] =>
	PREVIEWED.includes(operation.value) ? items.map(bodiesOf) : items.map(() => different);

describe('A field for a list of people', () => {
	it.each(lists)('accepts the same people in $title in every form', async (asked) => {
		const { host, meant } = cast(desk());
		const ids = meant.map(({ unionId }) => unionId);
		for (const { unionId } of meant) plant(desk(), host, { summary: unionId, ...hour(3, 12) });
		plant(desk(), meant[0], { summary: 'Hers', attendees: [{ id: host.unionId, isOptional: false }], ...hour(3, 15) });
		plant(desk(), meant[1], { summary: 'His', attendees: [{ id: host.unionId, isOptional: false }], ...hour(3, 16) });
		const leavesOut = asked.field.path.at(-1) === 'leaveOutPeople';
		const around = asked.operation.value === 'findSlots' ? [] : asked.field.path.slice(0, -1);
		const besideIt = [...around, 'attendees'];
		const write = (parameters: Values): void => {
			// A time zone applies only to attendees.
			if (asked.field.path.includes('personZones')) parameters.attendees = JSON.stringify(ids);
			if (leavesOut) put(parameters, besideIt, JSON.stringify([...meant, host]));
			put(parameters, asked.field.path, VALUE);
			if (asked.identifyBy) put(parameters, asked.identifyBy.path, "={{ $json.by ?? 'auto' }}");
		};
		const baseline = await outcomeOf(asked, [{ says: 'union IDs', value: ids }], write, ids);
		const forms = [...listForms(meant), ...(asked.identifyBy ? kindForms(meant) : [])];
		const given = sample(forms, { every: 8, turn: lists.indexOf(asked) });
		const outcome = await outcomeOf(asked, given, write, ids);
		expect(outcome.different).toEqual(baseline.different);
		expect(outcome.refused).toEqual(baseline.refused);
		expect(outcome.items.filter(({ error }) => String(error).includes('cannot be used'))).toEqual([]);
		if (leavesOut) {
			const nobody = await outcomeOf(asked, [{ says: 'nobody', value: [] }], write, ids);
			expect(effectsOf(asked, baseline)).not.toEqual(effectsOf(asked, nobody));
			expect(effectsOf(asked, outcome)).toEqual(given.flatMap(() => effectsOf(asked, baseline)));
		} else if (asked.field.path.join('.') === 'filters.organizer') {
			// Filtered in n8n: the output shows which people matched.
			expect(baseline.items.map(({ summary }) => summary)).toEqual(['Hers', 'His']);
			expect(outcome.items.map(({ summary }) => summary)).toEqual(given.flatMap(() => ['Hers', 'His']));
		} else if (asked.field.path.includes('personZones')) {
			// Causes no request; the resulting times show the time zone.
			const elsewhere = await outcomeOf(asked, [{ says: 'nobody', value: [] }], write, ids);
			expect(baseline.items).not.toEqual(elsewhere.items);
			expect(outcome.items).toEqual(given.flatMap(() => baseline.items));
		} else if (asked.operation.value === 'upsert') {
			expect(namesIn(ids, JSON.stringify(baseline.items))).toBe(ids.length);
			expect(outcome.items.map(withoutCost)).toEqual(given.map(() => withoutCost(baseline.items[0])));
		} else if (asked.operation.value === 'sync') {
			// A preview: the requests show which people were identified.
			const planned = ({ items }: typeof outcome) =>
				items.map(({ requests }) => (requests as Array<{ body: object }>).map(({ body }) => body));
			const stays = asked.field.path.join('.') === 'attendees';
			const anew = [
				{ attendeesToRemove: ids.map((id) => ({ id })) },
				{ attendeesToAdd: ids.map((id) => ({ id, isOptional: true })) },
			];
			const plan = stays ? [] : anew;
			expect(planned(baseline)).toEqual([plan]);
			expect(planned(outcome)).toEqual(given.map(() => plan));
		} else {
			expect(baseline.naming).toBeGreaterThan(0);
			expect(outcome.naming).toBe(given.length * baseline.naming);
		}
	});
});

it('A person whose account belongs to the organization is found by mobile number', async () => {
	const [host] = desk().people;
	host.exclusiveAccount = true;
	const user = { __rl: true, mode: 'mobile', value: host.mobile };
	const parameters = { resource: 'event', operation: 'get', user, eventId: plant(desk(), host) };
	const { items } = await desk().runNode({ parameters });
	expect(items).toHaveLength(1);
});
