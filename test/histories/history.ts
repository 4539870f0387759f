/** What a history consists of, and how fast-check makes one up and shortens one that fails. */
import * as fc from 'fast-check';

import { FAULTS, type Strike } from '../faults/faults';

/** A refusal of a call that is as good as it was a moment ago, for instance because the app lost a permission. */
const refusal = (name: string, status: number, code: string, message: string): Strike & { name: string } => ({
	...{ name, do: { do: 'status', status, code, message }, carried: 'no' },
});

/** DingTalk says that a person or a thing is missing only where it looks at it to change it. */
export const MISSING = '404';

/** Every way in which a call can go wrong, one entry for each moment at which it can; then the plain refusals. */
export const STRIKES: Array<Strike & { name: string }> = [
	...FAULTS.flatMap(({ name, strikes }) => strikes.map((strike) => ({ ...strike, name }))),
	refusal('400', 400, 'invalidParameter', '参数错误'),
	refusal('403', 403, 'Forbidden.AccessDenied.AccessTokenPermissionDenied', '没有调用该接口的权限'),
	refusal(MISSING, 404, 'user.not.employee', '用户不在企业中'),
	refusal('quota', 403, 'Forbidden.AccessDenied.ApiCountLimitForOrg', '当月的API调用次数超过限制'),
	refusal('day limit', 400, 'flowLimit', '超过当日创建日程上限'),
];

export const OPERATIONS = [
	'createEvent',
	'updateEvent',
	'replaceGuests',
	'createOrUpdate',
	'deleteEvent',
	'addGuest',
	'removeGuest',
	'syncGuests',
	'respond',
	'bookRoom',
	'releaseRoom',
	'createCalendar',
	'updateCalendar',
	'deleteCalendar',
	'share',
	'unshare',
	'bookMeeting',
	'createAccount',
] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** Small numbers that an operation reads as it likes: which thing, which person, which value. */
export interface ItemSpec {
	target: number;
	who: number;
	value: number;
}

export const EDITS = [
	'retitle',
	'describe',
	'invite',
	'uninvite',
	'answer',
	'delete',
	'renameCalendar',
	'moveKeyed',
	'deleteKeyed',
	'takeRooms',
] as const;

/** While a run goes on: Create or Update takes what was created in the last minutes for its own, so that is not deleted. */
const EDITS_DURING_RUN = EDITS.filter((name) => name !== 'deleteKeyed');

/**
 * How items come to the node: all at once; those that fail come back from its error output; or one in each round of a loop.
 */
const FLOWS = ['once', 'errorLoop', 'oneByOne'] as const;

/** What somebody does in DingTalk itself. */
export interface Edit {
	edit: (typeof EDITS)[number];
	target: number;
	who: number;
	value: number;
}

/** What happens to the calls of one run, by their number. */
export interface Disturbance {
	faults: Array<{ call: number; strike: number; times: number }>;
	edits: Array<{ call: number; edit: Edit }>;
	/** Stop is pressed before this call. */
	stop: number | null;
}

/** 0 and 2 are two processes of one n8n, 1 is another n8n. */
export type ProcessNumber = 0 | 1 | 2;

export interface Run extends Disturbance {
	do: 'run';
	operation: OperationName;
	items: ItemSpec[];
	as: 'node' | 'tool' | 'toolsAtOnce';
	flow: (typeof FLOWS)[number];
	/** The items are empty, and the fields are read from an earlier node. */
	isApart: boolean;
	continueOnFail: boolean;
	tries: number;
	concurrency: number;
	keyed: boolean;
	process: ProcessNumber;
}

/** An item with a key is done in one process, and another one repeats the key, while somebody else takes the rooms that are left. */
export interface Repetition extends Disturbance {
	do: 'repeatElsewhere';
	operation: 'bookMeeting' | 'createEvent';
	item: ItemSpec;
	/** The call of the second process before which the rooms are taken. */
	takenBefore: number;
}

/** A meeting is booked with a key, its room is released, and it is booked again with the key in the process that booked it. */
export interface Rebooking extends Disturbance {
	do: 'rebook';
	item: ItemSpec;
	/** Whether the process releases the room that booked it, or another one. */
	released: 'here' | 'elsewhere';
	/** Where the faults and the changes of others are. */
	disturbed: 'release' | 'booking';
}

/** Writes with those that undo them. */
export const REVERSALS = [
	['updateEvent', 'updateEvent'],
	['respond', 'respond'],
	['addGuest', 'removeGuest'],
	['removeGuest', 'addGuest'],
	['bookRoom', 'releaseRoom'],
	['releaseRoom', 'bookRoom'],
] as const satisfies ReadonlyArray<readonly [OperationName, OperationName]>;

/** A write whose response is lost is undone by another execution of the process; then the first one is repeated. */
export interface Reversal extends Disturbance {
	do: 'reverse';
	operations: (typeof REVERSALS)[number];
	item: ItemSpec;
	/** The value that the other execution sets. */
	otherValue: number;
}

export type Step =
	| Run
	| Repetition
	| Rebooking
	| Reversal
	/** The same execution once more, as after a worker was lost. */
	| ({ do: 'again'; elsewhere: boolean } & Disturbance)
	| { do: 'edit'; edit: Edit }
	/** Somebody sets the clock of the machine. */
	| { do: 'setClock'; minutes: number }
	| { do: 'wait'; hours: number };

export interface History {
	steps: Step[];
	/** Which of the things that can happen next does, over and over. */
	order: number[];
	switches: {
		finishedDuplicate: 'firstAnswer' | 'conflict';
		deleteTwice: 'itemNotFound' | 'ok';
		grantTwice: 'update' | 'refuse';
	};
}

const small = (max: number): fc.Arbitrary<number> => fc.nat({ max });

const item = fc.record({ target: small(3), who: small(3), value: small(3) });

const editOf = (edits: readonly Edit['edit'][]): fc.Arbitrary<Edit> =>
	fc.record({ edit: fc.constantFrom(...edits), target: small(3), who: small(3), value: small(3) });

const callNumber = fc.integer({ min: 1, max: 8 });

const disturbance: fc.Arbitrary<Disturbance> = fc.record({
	faults: fc.array(
		fc.record({ call: callNumber, strike: small(STRIKES.length - 1), times: fc.constantFrom(1, 2, 9) }),
		{ maxLength: 2 },
	),
	edits: fc.array(fc.record({ call: callNumber, edit: editOf(EDITS_DURING_RUN) }), { maxLength: 1 }),
	stop: fc.option(callNumber, { freq: 10 }),
});

const run: fc.Arbitrary<Run> = fc
	.record({
		do: fc.constant('run' as const),
		operation: fc.constantFrom(...OPERATIONS),
		items: fc.oneof(
			{ weight: 4, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }) },
			{ weight: 1, arbitrary: item.map((one) => [one, one]) },
		),
		flow: fc.constantFrom('once' as const, ...FLOWS),
		isApart: fc.boolean(),
		as: fc.constantFrom('node' as const, 'tool' as const, 'toolsAtOnce' as const),
		continueOnFail: fc.boolean(),
		tries: fc.constantFrom(1, 2, 3, 3),
		concurrency: fc.constantFrom(10, 1),
		keyed: fc.boolean(),
		process: fc.constantFrom(0 as const, 1 as const, 2 as const),
	})
	.chain((plain) => disturbance.map((disturbed) => ({ ...plain, ...disturbed })));

const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 10, arbitrary: run },
	{
		weight: 2,
		arbitrary: fc
			.record({ do: fc.constant('again' as const), elsewhere: fc.boolean() })
			.chain((plain) => disturbance.map((disturbed) => ({ ...plain, ...disturbed }))),
	},
	{
		weight: 1,
		arbitrary: fc
			.record({
				do: fc.constant('repeatElsewhere' as const),
				operation: fc.constantFrom('bookMeeting' as const, 'createEvent' as const),
				item,
				takenBefore: callNumber,
			})
			.chain((plain) => disturbance.map((disturbed) => ({ ...plain, ...disturbed }))),
	},
	{
		weight: 1,
		arbitrary: fc
			.record({
				do: fc.constant('rebook' as const),
				item,
				released: fc.constantFrom('here' as const, 'here' as const, 'elsewhere' as const),
				disturbed: fc.constantFrom('release' as const, 'booking' as const),
			})
			.chain((plain) => disturbance.map((disturbed) => ({ ...plain, ...disturbed }))),
	},
	{
		weight: 1,
		arbitrary: fc
			.record({
				do: fc.constant('reverse' as const),
				operations: fc.constantFrom(...REVERSALS),
				item,
				otherValue: small(3),
			})
			.chain((plain) => disturbance.map((disturbed) => ({ ...plain, ...disturbed }))),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('edit' as const), edit: editOf(EDITS) }) },
	{
		weight: 1,
		arbitrary: fc.record({ do: fc.constant('setClock' as const), minutes: fc.constantFrom(-600, -10, 10, 600) }),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.constantFrom(1, 3, 25) }) },
);

export const history: fc.Arbitrary<History> = fc.record({
	steps: fc.array(step, { minLength: 1, maxLength: 12, size: 'max' }),
	order: fc.array(small(9), { maxLength: 12 }),
	switches: fc.record({
		finishedDuplicate: fc.constantFrom('firstAnswer' as const, 'conflict' as const),
		deleteTwice: fc.constantFrom('itemNotFound' as const, 'ok' as const),
		grantTwice: fc.constantFrom('update' as const, 'refuse' as const),
	}),
});
