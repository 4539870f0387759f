/** Creates the sample for test runs: a real event if there is one, marked as a sample because nothing happened to it. */
import type { IDataObject } from 'n8n-workflow';
import type { Client } from '../../lib/dingtalk/client/types';
import { listResponses } from '../../lib/dingtalk/polling/detectChanges';
import type { ListedEvent } from '../../lib/dingtalk/polling/snapshots';
import { readOccurrences } from '../../lib/dingtalk/polling/syncApi';
import { MINUTE, WEEK } from '../../lib/dingtalk/utils/time';
import type { ApiEvent } from '../../lib/n8n/fields/eventOutput';
import type { ReportedChange } from '../../lib/n8n/triggers/changeOutput';
import { createSampleChange } from '../../lib/n8n/triggers/sampleChange';
import type { PollSettings } from './fields';
import { responseFields } from './mergeChanges';

const toMillis = (time: unknown): number => (typeof time === 'string' ? Date.parse(time) : NaN);

function createKindFields(kind: string, event: ListedEvent, { startEndRules }: PollSettings): IDataObject {
	if (kind === 'responded') return responseFields(listResponses(event));
	return kind === 'starting' && startEndRules ? { startsInMinutes: startEndRules.leadMs / MINUTE } : {};
}

/** Makes one metered call and leaves the stored state unchanged. */
export async function createPollSample(
	client: Client,
	userId: string,
	settings: PollSettings,
	now: number,
): Promise<ReportedChange> {
	const [kind] = settings.kinds;
	const events = await readOccurrences(client, userId, { from: now - WEEK, to: now + WEEK });
	const latest = events.reduce<ListedEvent | undefined>(
		(last, event) => (last && toMillis(last.updateTime) >= toMillis(event.updateTime) ? last : event),
		undefined,
	);
	if (!latest?.id) return createSampleChange(kind, settings.wantsDetails, now);
	return {
		kind,
		eventId: latest.id,
		at: toMillis(latest.updateTime) || now,
		unionIds: [userId],
		key: `sample:${latest.id}`,
		details: settings.wantsDetails ? 'fetched' : 'notAsked',
		event: settings.wantsDetails ? (latest as ApiEvent) : undefined,
		extraFields: createKindFields(kind, latest, settings),
		sample: true,
	};
}
