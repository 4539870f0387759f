/** Creates the sample for test runs: a real event if there is one, marked as a sample because nothing happened to it. */
import type { IDataObject } from 'n8n-workflow';
import type { Client } from '../../lib/dingtalk/client/types';
import { listResponses } from '../../lib/dingtalk/polling/describeChange';
import type { ListedEvent } from '../../lib/dingtalk/polling/fingerprint';
import { readOccurrences } from '../../lib/dingtalk/polling/syncApi';
import { MINUTE, WEEK } from '../../lib/dingtalk/utils/time';
import type { ApiEvent } from '../../lib/n8n/fields/eventOutput';
import type { ReportedChange } from '../../lib/n8n/triggers/changeOutput';
import { chooseSampleKind, createSampleChange } from '../../lib/n8n/triggers/sampleChange';
import type { PollSettings } from './fields';
import { responseFields } from './mergeChanges';
import { t } from '../../lib/locale/t';

const toMillis = (time: unknown): number => (typeof time === 'string' ? Date.parse(time) : NaN);

const SAMPLE_RESPONSE = { id: 'sampleUnionIdiEiE', name: t`Sample Person`, status: 'accepted' };

function createKindFields(kind: string, event: ListedEvent, { startEndRules }: PollSettings): IDataObject {
	if (kind === 'responded') {
		const responses = listResponses(event);
		return responseFields(responses.length > 0 ? responses : [SAMPLE_RESPONSE]);
	}
	return kind === 'starting' && startEndRules ? { startsInMinutes: startEndRules.leadMs / MINUTE } : {};
}

/** Makes one metered call and leaves the stored state unchanged. */
export async function createPollSample(
	client: Client,
	userId: string,
	settings: PollSettings,
	{ now, zone, rememberValues }: { now: number; zone: string; rememberValues: boolean },
): Promise<ReportedChange> {
	const kind = chooseSampleKind(settings.kinds);
	const events = await readOccurrences(client, userId, { from: now - WEEK, to: now + WEEK });
	const latest = events.reduce<ListedEvent | undefined>(
		(last, event) => (last && toMillis(last.updateTime) >= toMillis(event.updateTime) ? last : event),
		undefined,
	);
	const madeUp = createSampleChange(kind === 'cancelled' ? 'created' : kind, {
		withEvent: settings.wantsDetails,
		rememberValues,
		zone,
		now,
	});
	const event = (latest ?? madeUp.event) as ListedEvent | undefined;
	const isReal = latest?.id !== undefined;
	return {
		...madeUp,
		kind,
		...(isReal && { eventId: latest.id, at: toMillis(latest.updateTime) || now, unionIds: [userId] }),
		key: isReal ? `sample:${latest.id}` : madeUp.key,
		// DingTalk lists a removed event with this status.
		event: madeUp.event && ({ ...event, ...(kind === 'cancelled' && { status: 'cancelled' }) } as ApiEvent),
		differences: isReal ? undefined : madeUp.differences,
		extraFields: createKindFields(kind, event ?? {}, settings),
	};
}
