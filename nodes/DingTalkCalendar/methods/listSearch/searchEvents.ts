/** The list of events in the event locator, whole series included. */
import { DateTime } from 'luxon';
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { api, OWN_CALENDAR } from '../../../../lib/dingtalk/endpoints';
import type { Page } from '../../../../lib/dingtalk/client/pagination';
import { apiDateTime } from '../../../../lib/dingtalk/utils/timestamps';
import {
	readPosition,
	readSelectedPerson,
	readUntilResults,
	withEditorClient,
	joinLabel,
	matchesFilter,
	toPageToken,
	withValue,
} from './editorClient';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import { RUN_OPTIONS } from '../../fields/common/runOptions';
import { isDay } from '../../../../lib/dingtalk/events/readEvent';
import { t } from '../../../../lib/locale/t';
import { DATE_LANGUAGES, formatDate, formatDateTime, type DateLanguage } from '../../../../lib/locale/dates';

/** The range of events that users are likely to choose. */
const DAYS_BACK = 7;
const DAYS_AHEAD = 60;

interface Event {
	id?: string;
	summary?: string;
	start?: { date?: string; dateTime?: string };
	/** The ID of the whole series; only in occurrences. */
	seriesMasterId?: string;
}

/** Where the list continues, and the series that have been shown. */
interface ListPosition {
	next?: string;
	series: string[];
}

const isListPosition = (value: unknown): value is ListPosition =>
	isObject(value) &&
	(value.next === undefined || typeof value.next === 'string') &&
	Array.isArray(value.series) &&
	value.series.every((id) => typeof id === 'string');

/** How dates are written in the list. */
interface DateStyle {
	zone: string;
	language?: DateLanguage;
}

/** A language that an expression would choose is not known before the run. */
function readLanguage(context: ILoadOptionsFunctions): DateLanguage | undefined {
	const options: unknown = context.getCurrentNodeParameter(RUN_OPTIONS);
	const chosen = isObject(options) ? options.dateLanguage : undefined;
	return DATE_LANGUAGES.find((language) => language === chosen);
}

function formatStart({ start }: Event, { zone, language }: DateStyle): string {
	if (isDay(start)) return formatDate(DateTime.fromISO(start.date), language);
	return start?.dateTime ? formatDateTime(DateTime.fromISO(start.dateTime, { zone }), language) : '';
}

/** Users who choose a weekly meeting usually mean the series, so it is listed before its first occurrence. */
function toListItems(event: Event, style: DateStyle, shown: Set<string>): INodeListSearchResult['results'] {
	const title = event.summary || t`(no title)`;
	const { seriesMasterId: series } = event;
	const date = {
		name: joinLabel(series && t`This date only`, title, formatStart(event, style)),
		value: event.id,
	};
	if (!series || shown.has(series)) return withValue([date]);
	shown.add(series);
	return withValue([{ name: joinLabel(t`Whole series`, title), value: series }, date]);
}

export async function searchEvents(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await withEditorClient(this, async (client) => {
		const path = { userId: await readSelectedPerson(this, client), calendarId: OWN_CALENDAR };
		const today = DateTime.now().setZone(this.getTimezone()).startOf('day');
		const query = {
			timeMin: apiDateTime(today.minus({ days: DAYS_BACK })),
			timeMax: apiDateTime(today.plus({ days: DAYS_AHEAD })),
			maxResults: api.listEventsView.pageSize,
			maxAttendees: 1,
		};
		const style = { zone: this.getTimezone(), language: readLanguage(this) };
		return await readUntilResults(async (token) => {
			const place = readPosition(token, isListPosition, { series: [] });
			const input = { path, query: { ...query, nextToken: place.next } };
			const page = await client.request<Page & { events?: Event[] }>(api.listEventsView, input);
			const shown = new Set(place.series);
			const results = (page.events ?? [])
				.filter(({ summary }) => matchesFilter(filter, summary))
				.flatMap((event) => toListItems(event, style, shown));
			const next = toPageToken(page.nextToken);
			return { results, paginationToken: next && JSON.stringify({ next, series: [...shown] }) };
		}, paginationToken);
	});
}
