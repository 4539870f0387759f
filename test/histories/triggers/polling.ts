/** Random histories of the polling trigger: people edit their calendars, n8n polls, and either goes wrong. */
import * as fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { Api, HOST, type HttpResponse } from './api';
import { Organization } from './company';
import { Editing, editArbitrary, type Edit } from './edits';
import { createContext, Database } from './n8n';
import { PollingModel } from './pollingModel';
import { PackageProcess, type PackageCode } from './process';
import { Time } from './time';

const MINUTE = 60_000;
const INTERVAL = 15 * MINUTE;
const TRIGGER = 'nodes/DingTalkCalendarPollingTrigger/DingTalkCalendarPollingTrigger.node';

type Accident = 'none' | 'beforeEmit' | 'betweenEmitAndSave';

export type PollingStep =
	| { do: 'edit'; edit: Edit; seconds: number }
	| { do: 'poll'; unreadable: number; accident: Accident; twice: boolean }
	/** n8n does not run. */
	| { do: 'pause'; minutes: number }
	| { do: 'restart' }
	| { do: 'revokeToken' }
	| { do: 'rotateSecret' }
	| { do: 'loseSyncTokens' }
	| { do: 'jumpClock'; minutes: number }
	| { do: 'leave'; who: number }
	| { do: 'comeBack'; who: number };

export interface PollingHistory {
	people: number;
	kinds: string[];
	/** How many of the people are watched. */
	watched: number;
	rememberValues: boolean;
	listsRemovedInFull: boolean;
	listsDeleted: boolean;
	minutesBefore: number;
	/** What there is when polling starts. */
	first: Edit[];
	saving: 'lazy' | 'durable';
	steps: PollingStep[];
}

const KINDS = ['created', 'updated', 'cancelled', 'responded', 'starting', 'ended'];
/** After how many minutes events start: some have begun, some begin between two polls, and some on a later day. */
const MINUTES_TO_START = [-90, -20, 3, 20, 70, 180, 600, 3000];

const edits = fc.record({
	do: fc.constant('edit' as const),
	edit: editArbitrary,
	seconds: fc.integer({ min: 1, max: 600 }),
});

const polls = fc.record({
	do: fc.constant('poll' as const),
	unreadable: fc.oneof({ weight: 5, arbitrary: fc.constant(-1) }, fc.integer({ min: 0, max: 3 })),
	accident: fc.oneof(
		{ weight: 8, arbitrary: fc.constant('none' as const) },
		fc.constantFrom<Accident>('beforeEmit', 'betweenEmitAndSave'),
	),
	twice: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.constant(true)),
});

const happenings = fc.oneof(
	fc.record({
		do: fc.constantFrom('restart' as const, 'revokeToken' as const, 'rotateSecret' as const),
	}),
	fc.record({ do: fc.constant('loseSyncTokens' as const) }),
	fc.record({
		do: fc.constant('jumpClock' as const),
		minutes: fc.oneof(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -420, max: 420 })),
	}),
	fc.record({ do: fc.constant('pause' as const), minutes: fc.oneof(fc.nat(120), fc.nat(4000)) }),
	fc.record({
		do: fc.constantFrom('leave' as const, 'comeBack' as const),
		who: fc.integer({ min: 0, max: 3 }),
	}),
);

export const pollingHistories: fc.Arbitrary<PollingHistory> = fc.record({
	people: fc.integer({ min: 1, max: 4 }),
	kinds: fc.oneof({ weight: 3, arbitrary: fc.constant(KINDS) }, fc.subarray(KINDS, { minLength: 1 })),
	watched: fc.integer({ min: 1, max: 3 }),
	rememberValues: fc.boolean(),
	listsRemovedInFull: fc.boolean(),
	listsDeleted: fc.boolean(),
	minutesBefore: fc.constantFrom(0, 10, 30, 300, 2880),
	first: fc.array(editArbitrary, { maxLength: 4 }),
	saving: fc.constantFrom('lazy' as const, 'durable' as const),
	steps: fc.array(
		fc.oneof({ weight: 5, arbitrary: edits }, { weight: 3, arbitrary: polls }, { weight: 2, arbitrary: happenings }),
		{ maxLength: 24, size: 'max' },
	),
});

const UNREADABLE: HttpResponse[] = [
	{ statusCode: 403, headers: {}, body: { code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied', message: 'no' } },
	{ statusCode: 500, headers: {}, body: { code: 'unknownError', message: '未知错误' } },
];

interface PollNode {
	poll(this: unknown): Promise<Array<Array<{ json: IDataObject }>> | null>;
}

/** Two workflows of two organizations in one n8n; the second one shows that nothing gets mixed up. */
export async function runPollingHistory(code: PackageCode, history: PollingHistory): Promise<void> {
	const time = new Time();
	const organizations = ['corpA', 'corpB'].map(
		(corpId) => new Organization(corpId, `app-${corpId}`, history.people, time),
	);
	const [organization] = organizations;
	const api = new Api(organizations);
	api.listsRemovedInFull = history.listsRemovedInFull;
	api.listsDeleted = history.listsDeleted;
	const database = new Database();
	const editing = new Editing(organizations, time, (value) => MINUTES_TO_START[value] * MINUTE);
	const watched = organization.people.slice(0, history.watched);
	const { kinds, minutesBefore, listsDeleted } = history;
	const model = new PollingModel(organization, watched, new Set(kinds), listsDeleted, minutesBefore * MINUTE);
	const setup = {
		id: 'w',
		type: 'dingTalkCalendarPollingTrigger',
		parameters: {
			triggerOn: kinds,
			minutesBefore,
			pollTimes: { item: [{ mode: 'everyX', unit: 'minutes', value: INTERVAL / MINUTE }] },
			people: watched.join(', '),
			fetchDetails: true,
			rememberValues: history.rememberValues,
			output: 'simplified',
		},
		credentials: {
			dingTalkCalendarApi: () => ({
				region: 'international',
				appType: 'internal',
				clientId: organization.clientId,
				clientSecret: organization.secret,
			}),
		},
	};
	let offset = 0;
	const start = (): PackageProcess => {
		const started = new PackageProcess(code, time, { random: () => 0.5 });
		started.clockOffset = offset;
		return started;
	};
	let process = start();
	let staticData = database.read('w');
	const restart = (): void => {
		process.kill();
		process = start();
		staticData = database.read('w');
		model.onRestart();
	};
	const nodeOf = (): PollNode =>
		new (process.load<Record<string, new () => PollNode>>(TRIGGER).DingTalkCalendarPollingTrigger)();

	/** Returns what was emitted, after what n8n saves of it; nothing if the poll failed. */
	const emitted = async (accident: Accident, onError: (error: Error) => void): Promise<IDataObject[] | undefined> => {
		const isDurable = history.saving === 'durable';
		const data = isDurable ? database.read('w') : staticData;
		const context = createContext(process, api, setup, () => data);
		if (isDurable) context.getPollBudgetMs = () => 36_000;
		const output = await nodeOf()
			.poll.call(context)
			.catch((error: Error) => error);
		if (output instanceof Error) return void onError(output);
		if (accident === 'beforeEmit') return undefined;
		const items = (output ?? []).flat().map(({ json }) => json);
		for (const item of items) database.store({ workflowId: 'w', item });
		if (accident === 'none' && (isDurable || items.length > 0)) database.save('w', data);
		return items;
	};

	/** Two polls at once are one to the model: the second may leave everything to the first. */
	const pollOnce = async (accident: Accident, times = 1): Promise<void> => {
		const before = model.begin(time.now + offset);
		const outputs = await Promise.all(
			Array.from({ length: times }, async () => await emitted(accident, (error) => model.fail(before, error))),
		);
		const items = outputs.filter((output) => output !== undefined);
		if (items.length > 0) model.report(before, items.flat(), { isSaved: accident === 'none' });
		if (accident === 'none' && (history.saving === 'durable' || items.flat().length > 0)) model.onSaved();
	};

	const poll = async ({ unreadable, accident, twice }: PollingStep & { do: 'poll' }): Promise<void> => {
		await time.pass(INTERVAL);
		api.failing.clear();
		const failing = watched.at(unreadable);
		if (unreadable >= 0 && unreadable < watched.length && failing)
			api.failing.set(failing, UNREADABLE[unreadable % UNREADABLE.length]);
		model.unreadable = new Set([...api.failing.keys(), ...organization.gone]);
		if (twice) await time.finish(pollOnce('none', 2));
		else await time.finish(pollOnce(accident));
		api.failing.clear();
		if (accident !== 'none' && !twice) restart();
	};

	for (const edit of history.first) editing.apply(edit);
	await time.pass(MINUTE);
	await time.finish(pollOnce('none'));
	if (history.saving === 'lazy') {
		database.save('w', staticData);
		model.onSaved();
	}
	for (const step of history.steps) {
		switch (step.do) {
			case 'edit':
				await time.pass(step.seconds * 1000);
				editing.apply(step.edit);
				break;
			case 'poll':
				await poll(step);
				break;
			case 'pause':
				await time.pass(step.minutes * MINUTE);
				break;
			case 'restart':
				restart();
				break;
			case 'revokeToken':
				organization.tokenGeneration++;
				break;
			case 'rotateSecret':
				organization.secret += '+';
				break;
			case 'loseSyncTokens':
				organization.syncGeneration++;
				model.forgetPosition();
				break;
			case 'jumpClock':
				offset += step.minutes * MINUTE;
				process.clockOffset = offset;
				break;
			case 'leave':
				if (step.who < history.people) organization.gone.add(organization.people[step.who]);
				break;
			case 'comeBack':
				organization.gone.delete(organization.people[step.who]);
				break;
		}
	}
	organization.gone.clear();
	await poll({ do: 'poll', unreadable: -1, accident: 'none', twice: false });
	await poll({ do: 'poll', unreadable: -1, accident: 'none', twice: false });
	model.end();
}

export { HOST };
