/** What the calendars of several people tell, as one list: what concerns two of them is told once. */
import type { IDataObject } from 'n8n-workflow';
import type { Answer, PolledChange } from '../../lib/dingtalk/polling/diff';
import type { Moment } from '../../lib/dingtalk/polling/startsAndEnds';
import type { ApiEvent } from '../../lib/n8n/fields/eventOutput';
import { formatPerson } from '../../lib/n8n/fields/people';
import type { Details, Told } from '../../lib/n8n/triggers/changeOutput';
import type { Found } from './pollPerson';
import { MINUTE } from '../../lib/dingtalk/utils/time';

export const answerFacts = (answers: Answer[]): IDataObject => ({
	answers: answers.map(({ id, name, answer }) => ({ person: formatPerson({ id, displayName: name }), answer })),
});

interface Base {
	event: PolledChange['event'];
	at: number;
	key: string;
	kind: string;
}

/** Of what is gone DingTalk may send no more than the ID. */
const isBare = ({ event }: Base): boolean => event.summary === undefined && event.start === undefined;

function toldOf(base: Base, unionId: string, wantsDetails: boolean, facts?: IDataObject): Told {
	const { event, at, key, kind } = base;
	const details: Details = !wantsDetails ? 'notAsked' : isBare(base) ? 'gone' : 'fetched';
	return {
		kind,
		eventId: event.id ?? '',
		at,
		unionIds: [unionId],
		key,
		details,
		event: details === 'fetched' ? (event as ApiEvent) : undefined,
		facts,
	};
}

const changeFacts = ({ answers, dates = 1, unsure, event }: PolledChange): IDataObject => ({
	...(answers ? answerFacts(answers) : {}),
	...(unsure ? { before: 'unknown' } : {}),
	...(event.seriesMasterId ? { seriesId: event.seriesMasterId, dates } : {}),
});

const momentFacts = ({ kind, at, event }: Moment, now: number): IDataObject => ({
	...(kind === 'starting' ? { startsInMinutes: Math.round((at - now) / MINUTE) } : {}),
	...(event.seriesMasterId ? { seriesId: event.seriesMasterId } : {}),
});

/** In the order in which it happened. */
export function tellAll(found: ReadonlyArray<[string, Found]>, wantsDetails: boolean, now: number): Told[] {
	const byKey = new Map<string, Told>();
	const add = (told: Told): void => {
		const same = byKey.get(told.key);
		if (same) same.unionIds.push(...told.unionIds.filter((id) => !same.unionIds.includes(id)));
		else byKey.set(told.key, told);
	};
	for (const [unionId, { changes, moments }] of found) {
		for (const change of changes) add(toldOf(change, unionId, wantsDetails, changeFacts(change)));
		for (const moment of moments) add(toldOf(moment, unionId, wantsDetails, momentFacts(moment, now)));
	}
	return [...byKey.values()].sort((a, b) => a.at - b.at);
}
