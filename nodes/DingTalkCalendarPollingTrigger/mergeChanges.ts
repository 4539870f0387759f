/** What the calendars of several people tell, as one list: what concerns two of them is told once. */
import type { IDataObject } from 'n8n-workflow';
import type { PersonResponse, PolledChange } from '../../lib/dingtalk/polling/detectChanges';
import type { DueEvent } from '../../lib/dingtalk/polling/startsAndEnds';
import type { ApiEvent } from '../../lib/n8n/fields/eventOutput';
import { formatPerson } from '../../lib/n8n/fields/people';
import type { Details, ReportedChange } from '../../lib/n8n/triggers/changeOutput';
import type { PersonPoll } from './pollPerson';
import { MINUTE } from '../../lib/dingtalk/utils/time';

export const responseFields = (answers: PersonResponse[]): IDataObject => ({
	answers: answers.map(({ id, name, answer }) => ({ person: formatPerson({ id, displayName: name }), answer })),
});

interface MergedChange {
	event: PolledChange['event'];
	at: number;
	key: string;
	kind: string;
}

/** Of what is gone DingTalk may send no more than the ID. */
const isPlainEvent = ({ event }: MergedChange): boolean => event.summary === undefined && event.start === undefined;

function toReportedChange(
	base: MergedChange,
	unionId: string,
	wantsDetails: boolean,
	facts?: IDataObject,
): ReportedChange {
	const { event, at, key, kind } = base;
	const details: Details = !wantsDetails ? 'notAsked' : isPlainEvent(base) ? 'gone' : 'fetched';
	return {
		kind,
		eventId: event.id ?? '',
		at,
		unionIds: [unionId],
		key,
		details,
		event: details === 'fetched' ? (event as ApiEvent) : undefined,
		extraFields: facts,
	};
}

const changeFields = ({ answers, dates = 1, isUncertain: unsure, event }: PolledChange): IDataObject => ({
	...(answers ? responseFields(answers) : {}),
	...(unsure ? { before: 'unknown' } : {}),
	...(event.seriesMasterId ? { seriesId: event.seriesMasterId, dates } : {}),
});

const startEndFields = ({ kind, at, event }: DueEvent, now: number): IDataObject => ({
	...(kind === 'starting' ? { startsInMinutes: Math.round((at - now) / MINUTE) } : {}),
	...(event.seriesMasterId ? { seriesId: event.seriesMasterId } : {}),
});

/** In the order in which it happened. */
export function mergeChanges(
	found: ReadonlyArray<[string, PersonPoll]>,
	wantsDetails: boolean,
	now: number,
): ReportedChange[] {
	const byKey = new Map<string, ReportedChange>();
	const add = (told: ReportedChange): void => {
		const same = byKey.get(told.key);
		if (same) same.unionIds.push(...told.unionIds.filter((id) => !same.unionIds.includes(id)));
		else byKey.set(told.key, told);
	};
	for (const [unionId, { changes, moments }] of found) {
		for (const change of changes) add(toReportedChange(change, unionId, wantsDetails, changeFields(change)));
		for (const moment of moments) add(toReportedChange(moment, unionId, wantsDetails, startEndFields(moment, now)));
	}
	return [...byKey.values()].sort((a, b) => a.at - b.at);
}
