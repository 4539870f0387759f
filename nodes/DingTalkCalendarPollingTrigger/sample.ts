/** For building a workflow: a real event where there is one, and it says that nothing happened to it just now. */
import type { IDataObject } from 'n8n-workflow';
import type { Client } from '../../lib/dingtalk/client/types';
import { readResponses } from '../../lib/dingtalk/polling/detectChanges';
import type { ListedEvent } from '../../lib/dingtalk/polling/snapshots';
import { readDates } from '../../lib/dingtalk/polling/syncApi';
import type { ApiEvent } from '../../lib/n8n/fields/eventOutput';
import type { ReportedChange } from '../../lib/n8n/triggers/changeOutput';
import { createSample } from '../../lib/n8n/triggers/sampleChange';
import type { PollSettings } from './fields';
import { responseFields } from './mergeChanges';
import { MINUTE, WEEK } from '../../lib/dingtalk/utils/time';

const at = (time: unknown): number => (typeof time === 'string' ? Date.parse(time) : NaN);

function sampleFields(kind: string, event: ListedEvent, { rules }: PollSettings): IDataObject {
	if (kind === 'responded') return responseFields(readResponses(event));
	return kind === 'starting' && rules ? { startsInMinutes: rules.leadMs / MINUTE } : {};
}

/** One metered call, and the cursor stays where it is. */
export async function createPollSample(
	client: Client,
	userId: string,
	settings: PollSettings,
	now: number,
): Promise<ReportedChange> {
	const [kind] = settings.kinds;
	const events = await readDates(client, userId, { from: now - WEEK, to: now + WEEK });
	const latest = events.reduce<ListedEvent | undefined>(
		(found, event) => (found && at(found.updateTime) >= at(event.updateTime) ? found : event),
		undefined,
	);
	if (!latest?.id) return createSample(kind, settings.wantsDetails, now);
	return {
		kind,
		eventId: latest.id,
		at: at(latest.updateTime) || now,
		unionIds: [userId],
		key: `sample:${latest.id}`,
		details: settings.wantsDetails ? 'fetched' : 'notAsked',
		event: settings.wantsDetails ? (latest as ApiEvent) : undefined,
		extraFields: sampleFields(kind, latest, settings),
		sample: true,
	};
}
