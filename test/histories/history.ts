/** What a history consists of, and how fast-check makes one up and shortens one that fails. */
import * as fc from 'fast-check';

import { FAULTS, type Strike } from '../faults/faults';

/** Every way in which a call can go wrong, one entry for each moment at which it can. */
export const STRIKES: Array<Strike & { name: string }> = FAULTS.flatMap(({ name, strikes }) =>
	strikes.map((strike) => ({ ...strike, name })),
);

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
] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** Small numbers that an operation reads as it likes: which thing, which person, which value. */
export interface ItemSpec {
	target: number;
	who: number;
	value: number;
}

export const EDITS = ['retitle', 'describe', 'invite', 'uninvite', 'answer', 'delete', 'renameCalendar'] as const;

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
	continueOnFail: boolean;
	tries: number;
	concurrency: number;
	keyed: boolean;
	process: ProcessNumber;
}

export type Step =
	| Run
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

const edit: fc.Arbitrary<Edit> = fc.record({
	edit: fc.constantFrom(...EDITS),
	target: small(3),
	who: small(3),
	value: small(3),
});

const callNumber = fc.integer({ min: 1, max: 8 });

const disturbance: fc.Arbitrary<Disturbance> = fc.record({
	faults: fc.array(
		fc.record({ call: callNumber, strike: small(STRIKES.length - 1), times: fc.constantFrom(1, 2, 9) }),
		{ maxLength: 2 },
	),
	edits: fc.array(fc.record({ call: callNumber, edit }), { maxLength: 1 }),
	stop: fc.option(callNumber, { freq: 10 }),
});

const run: fc.Arbitrary<Run> = fc
	.record({
		do: fc.constant('run' as const),
		operation: fc.constantFrom(...OPERATIONS),
		items: fc.array(item, { minLength: 1, maxLength: 3 }),
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
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('edit' as const), edit }) },
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
