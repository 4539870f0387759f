/** What the second part of a series takes over from the first: content, attendees and rooms. */
import { api } from '../endpoints';
import { LIMITS } from '../limits';
import {
	listAttendees,
	type Attendee,
	type EventContext,
	type Invitee,
	type NotificationOptions,
} from '../events/attendees';
import type { Occurrence, RecurringEvent } from '../events/occurrences';
import { formatCount } from '../utils/text';
import type { SeriesDate } from './compareDate';
import { t } from '../../locale/t';

/** The series as DingTalk returns it when it is read by its ID. */
export interface SeriesDetails extends SeriesDate {
	status?: string;
	organizer?: { id?: string; self?: boolean };
	reminders?: Array<{ method?: string; minutes?: number | string }>;
	categories?: Array<{ displayName?: string }>;
	uiConfigs?: unknown[];
	cardInstances?: unknown[];
	freeBusyStatus?: string;
}

/** The series that continues another one. */
export interface SecondPart {
	/** The complete new event, without attendees. */
	content: Record<string, unknown> & RecurringEvent;
	attendees: Invitee[];
	notify: NotificationOptions;
	/** The fields that the user changed. */
	changed: string[];
	/** All-day becomes timed, or the reverse. */
	changesKind: boolean;
	/** The date of the new series that takes the place of a date of the old one. */
	placeOf: (planned: Occurrence) => Occurrence | undefined;
}

/** The content that a new event can be given, and in words what it cannot. */
export interface CopiedContent {
	content: Record<string, unknown>;
	notKept: string[];
}

const isNotEmpty = (list: unknown[] | undefined): list is unknown[] => list !== undefined && list.length > 0;

/** DingTalk creates reminders of one kind only. */
function copyReminders({ reminders }: SeriesDetails): CopiedContent {
	if (!reminders) return { content: {}, notKept: [] };
	const [own, others] = [true, false].map((isOwn) =>
		reminders.filter(({ method = 'dingtalk' }) => (method === 'dingtalk') === isOwn),
	);
	return {
		content: { reminders: own.map(({ minutes }) => ({ method: 'dingtalk', minutes: Number(minutes) })) },
		notKept: others.map(
			({ method, minutes }) => t`the reminder by ${method} ${formatCount(Number(minutes), 'minute')} before`,
		),
	};
}

/** DingTalk returns the names of categories, but expects their IDs. Reading those costs a call. */
async function copyCategories({ client }: EventContext, { categories }: SeriesDetails): Promise<CopiedContent> {
	if (!isNotEmpty(categories)) return { content: {}, notKept: [] };
	const { categories: known = [] } = await client.request<{
		categories?: Array<{ openCategoryId?: string; displayName?: string }>;
	}>(api.listCategories);
	const names = categories.map(({ displayName = '' }) => displayName);
	const idOf = (name: string): string | undefined =>
		known.find(({ displayName }) => displayName === name)?.openCategoryId;
	const ids = names.map(idOf).filter((id) => id !== undefined);
	return {
		content: ids.length > 0 ? { categories: ids.map((categoryId) => ({ categoryId })) } : {},
		notKept: names.filter((name) => idOf(name) === undefined).map((name) => t`the category '${name}'`),
	};
}

/** Everything except times, rule, attendees and rooms, with the changed fields and without the cleared ones. */
export async function copyContent(
	context: EventContext,
	series: SeriesDetails,
	changed: Record<string, unknown>,
	cleared: string[],
): Promise<CopiedContent> {
	const isKept = (field: string): boolean => !(field in changed) && !cleared.includes(field);
	const none: CopiedContent = { content: {}, notKept: [] };
	const reminders = isKept('reminders') ? copyReminders(series) : none;
	const categories = isKept('categories') ? await copyCategories(context, series) : none;
	const { summary, description, location, richTextDescription, uiConfigs, cardInstances, freeBusyStatus } = series;
	const copied: Record<string, unknown> = {
		summary,
		...(description ? { description } : {}),
		...(location?.displayName ? { location: { displayName: location.displayName } } : {}),
		...(richTextDescription?.text ? { richTextDescription: { text: richTextDescription.text } } : {}),
		...(series.onlineMeetingInfo ? { onlineMeetingInfo: { type: 'dingtalk' } } : {}),
		...(isNotEmpty(uiConfigs) ? { uiConfigs } : {}),
		...(isNotEmpty(cardInstances) ? { cardInstances } : {}),
		...(freeBusyStatus ? { freeBusyStatus } : {}),
		...reminders.content,
		...categories.content,
	};
	const kept = Object.fromEntries(Object.entries(copied).filter(([field]) => isKept(field)));
	return { content: { ...kept, ...changed }, notKept: [...reminders.notKept, ...categories.notKept] };
}

/** Everyone who is invited to the series, without the organizer. */
export async function copyAttendees(context: EventContext, series: SeriesDetails): Promise<Invitee[]> {
	const embedded = series.attendees ?? [];
	const all: Attendee[] =
		embedded.length < LIMITS.attendeesInEvent ? embedded : await listAttendees({ ...context, needsAllFields: true });
	const organizer = series.organizer?.id ?? context.path.userId;
	// People outside the directory have no ID by which a new event could invite them.
	return all.filter(({ id }) => id && id !== organizer).map(({ id, isOptional = false }) => ({ id, isOptional }));
}

/** The people who cannot be invited to a new event. */
export const nameUninvitable = ({ attendees = [] }: SeriesDetails): string[] =>
	attendees
		.filter(({ id }) => !id)
		.map(({ displayName }) => t`the invitation of ${displayName ?? t`a person outside the directory`}`);

/** Lists of dates cut off long attendee lists, so differences among the rest are not seen. */
export const nameUnlisted = ({ attendees = [] }: SeriesDetails): string[] =>
	attendees.length < LIMITS.attendeesInList
		? []
		: [t`other attendees of single dates, beyond the first ${LIMITS.attendeesInList} people that DingTalk lists`];
