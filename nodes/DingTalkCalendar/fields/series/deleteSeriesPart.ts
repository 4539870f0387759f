/** Ends a series before one of its dates, for the operations that delete and cancel. */
import type { IDataObject } from 'n8n-workflow';
import type { Item } from '../../../../lib/n8n/ItemContext';
import type { EventPath } from '../locators/eventPath';
import { withTarget, type Scope } from './applyTo';
import { readExceptions, runPlan, type SeriesPlan } from './seriesPlan';
import { joinClauses, t } from '../../../../lib/locale/t';

interface Removal {
	path: EventPath;
	scope: Scope | undefined;
	/** Whether the organizer wants people to be notified; undefined leaves it to DingTalk. */
	pushNotification?: boolean;
	/** Removes what has this ID. */
	remove(path: EventPath): Promise<void>;
}

/** Removes what is meant; returns what the output says about it besides the ID. */
export async function deleteSeriesPart(
	item: Item,
	{ path, scope, pushNotification, remove }: Removal,
): Promise<IDataObject> {
	if (!scope) {
		await remove(path);
		return {};
	}
	return await withTarget<SeriesPlan, IDataObject>(item, path, scope, async (located) => {
		const { target } = located;
		if (target.kind !== 'split') {
			await remove(target.path);
			if (target.kind === 'whole') return { seriesId: target.path.eventId, lastDate: null };
			// The ID of the series stands for all of its dates, which are still there.
			return target.path.eventId === path.eventId ? {} : { id: target.path.eventId, seriesId: path.eventId };
		}
		const extra = pushNotification === undefined ? undefined : { noPushNotification: String(!pushNotification) };
		const plan = async (): Promise<SeriesPlan> => await readExceptions(item, target, false);
		const { notKept } = await runPlan(item, target, located, extra, plan);
		if (notKept.length > 0) item.addHint(t`The series was ended. Not kept: ${joinClauses(notKept)}.`);
		return { seriesId: target.path.eventId, lastDate: target.cut.previous?.start.slice(0, 10) ?? null };
	});
}
