/** What a change of this and all following dates is made of: read before anything is changed, and kept for retries. */
import type { DateException, GivenUpField } from '../../../../lib/dingtalk/series/compareDate';
import { findExceptions, LOOK_AHEAD_DAYS, LOOK_BACK_DAYS } from '../../../../lib/dingtalk/series/seriesExceptions';
import { originOf } from '../../../../lib/dingtalk/series/seriesCut';
import { partition, splitSeries, type SplitResult } from '../../../../lib/dingtalk/series/splitSeries';
import type { SecondPart } from '../../../../lib/dingtalk/series/seriesContent';
import { DAY } from '../../../../lib/dingtalk/utils/time';
import type { Item } from '../../../../lib/n8n/ItemContext';
import type { Located, SplitTarget } from './applyTo';
import { t } from '../../../../lib/locale/t';

export interface SeriesPlan {
	exceptions: DateException[];
	next?: SecondPart;
	/** What the new series cannot be given. */
	notKept: string[];
}

const UNLISTED: Record<GivenUpField, string> = {
	reminders: t`reminders of single dates, which DingTalk did not list`,
	meetingRooms: t`rooms of single dates, which DingTalk did not list`,
};

/** The single dates that differ: before the cut, and after it if another series follows. */
export async function readExceptions(
	item: Item,
	{ path, series, cut, given }: SplitTarget,
	hasNext: boolean,
): Promise<Pick<SeriesPlan, 'exceptions' | 'notKept'>> {
	const at = originOf(cut.at);
	const window = { from: at - LOOK_BACK_DAYS * DAY, to: hasNext ? at + LOOK_AHEAD_DAYS * DAY : at };
	const { exceptions, unlisted } = await findExceptions(item.eventContext(path), series, window, given);
	return { exceptions, notKept: unlisted.map((field) => UNLISTED[field]) };
}

/** Carries out the plan. `createPlan` makes it, unless an earlier try of the node has. */
export async function runPlan(
	item: Item,
	target: SplitTarget,
	{ attempt }: Located<SeriesPlan>,
	extra: Record<string, unknown> | undefined,
	createPlan: () => Promise<SeriesPlan>,
): Promise<SplitResult> {
	const plan = (attempt.memory.plan ??= await createPlan());
	const { event, notKept } = await splitSeries({
		context: item.eventContext(target.path),
		series: target.series,
		cut: target.cut,
		zone: item.zone,
		exceptions: partition(plan.exceptions, target.cut),
		extra,
		next: plan.next,
		state: attempt.split,
	});
	return { event, notKept: [...plan.notKept, ...notKept] };
}
