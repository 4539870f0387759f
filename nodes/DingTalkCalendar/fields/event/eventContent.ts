/** The fields of an event besides title, time and attendees, shared by the operations that create and update events. */
import type { DateTime } from 'luxon';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { LIMITS } from '../../../../lib/dingtalk/limits';
import { isObject } from '../../../../lib/dingtalk/utils/json';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Values } from '../../../../lib/n8n/ItemContext';
import { readNotify } from './notifications';
import { recurrenceField, readRecurrence } from './recurrence';
import { remindersField, replacedReminders, readReminders, type ApiReminder } from './reminders';
import { readBoolean, readChoice, readList, readText, readTextUpTo } from '../../../../lib/n8n/fields/primitives';
import { t } from '../../../../lib/locale/t';

const UI_COMPONENTS = ['attendee', 'comment', 'deleteEventButton', 'transferEventButton', 'updateEventButton'] as const;
const OTHER_COMPONENT = 'other';
const SHOW_AS = ['busy', 'free'] as const;
const UI_STATES = ['enable', 'disable', 'hide'] as const;

/** In alphabetical order, as n8n shows collections. */
export const contentFields = {
	categories: {
		displayName: 'Category Names or IDs',
		name: 'categories',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getCategories' },
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
	},
	chatCard: {
		displayName: 'Send Chat Card',
		name: 'sendChatCard',
		type: 'boolean',
		default: true,
		description: 'Whether the people concerned get a chat card about this change',
	},
	description: {
		displayName: 'Description',
		name: 'eventDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: `Plain text, up to ${LIMITS.descriptionCharacters} characters`,
	},
	location: {
		displayName: 'Location',
		name: 'location',
		type: 'string',
		default: '',
		placeholder: 'e.g. Building 2, 3rd floor',
		description: 'The location as text. Does not book a meeting room.',
	},
	onlineMeeting: {
		displayName: 'Online Meeting',
		name: 'onlineMeeting',
		type: 'boolean',
		default: false,
		description: 'Whether to add a DingTalk video meeting to the event',
	},
	push: {
		displayName: 'Send Push Notification',
		name: 'sendPushNotification',
		type: 'boolean',
		default: true,
		description: 'Whether the people concerned get a push notification about this change',
	},
	recurrence: recurrenceField,
	reminders: remindersField,
	replacedReminders,
	richText: {
		displayName: 'Rich Text Description',
		name: 'richTextDescription',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. <p>Please read the <b>agenda</b>.</p>',
		description: 'HTML that is shown instead of the plain description',
	},
	showAs: {
		displayName: 'Show As',
		name: 'showAs',
		type: 'options',
		default: 'busy',
		description:
			'Whether the event takes up time in free/busy views. DingTalk does not document this setting, and may ignore or refuse it.',
		options: [
			{ name: 'Busy', value: 'busy' },
			{ name: 'Free', value: 'free', description: 'The time counts as free, for example for a reminder or a birthday' },
		],
	},
	uiComponents: {
		displayName: 'Buttons and Sections',
		name: 'uiComponents',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		default: {},
		placeholder: 'Add Button or Section',
		description: 'Which parts of the event people can see and use in DingTalk',
		options: [
			{
				displayName: 'Component',
				name: 'component',
				values: [
					{
						displayName: 'Component',
						name: 'name',
						type: 'options',
						default: 'updateEventButton',
						options: [
							{ name: 'Attendee List', value: 'attendee' },
							{ name: 'Comments', value: 'comment' },
							{ name: 'Delete Button', value: 'deleteEventButton' },
							{ name: 'Edit Button', value: 'updateEventButton' },
							{ name: 'Other (by Name)', value: OTHER_COMPONENT },
							{ name: 'Transfer Button', value: 'transferEventButton' },
						],
					},
					{
						displayName: 'Component Name',
						name: 'componentName',
						type: 'string',
						default: '',
						placeholder: 'e.g. updateEventButton',
						description: "The component's name in DingTalk's API",
						displayOptions: { show: { name: [OTHER_COMPONENT] } },
					},
					{
						displayName: 'State',
						name: 'state',
						type: 'options',
						default: 'hide',
						options: [
							{
								name: 'Disabled',
								value: 'disable',
								description: 'Visible but not usable. Old versions of DingTalk hide it.',
							},
							{ name: 'Enabled', value: 'enable' },
							{ name: 'Hidden', value: 'hide' },
						],
					},
				],
			},
		],
	},
} as const satisfies Record<string, INodeProperties>;

/** DingTalk may know more components than its documentation lists, so any name is passed on. */
function readComponentName(row: Values): string {
	const isOther = row.name === OTHER_COMPONENT;
	const label = isOther ? 'Component Name' : 'Component';
	const name = readText((isOther ? row.componentName : row.name) ?? '', label).trim();
	if (name === '') throw new InputError(label, t`is empty`, t`Enter the component's name in DingTalk's API.`);
	return UI_COMPONENTS.find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
}

function readUiComponents(value: unknown): IDataObject[] {
	const rows = isObject(value) && Array.isArray(value.component) ? value.component : [];
	return rows.filter(isObject).map((row) => ({
		uiName: readComponentName(row),
		uiStatus: readChoice(row.state, 'State', UI_STATES),
	}));
}

/** In DingTalk's API the switches are inverted, and text: "true" means that nothing is sent. */
function readNotifications(chosen: Values): IDataObject | undefined {
	const { pushNotification, chatNotification } = readNotify(chosen);
	const extra: IDataObject = {};
	if (pushNotification !== undefined) extra.noPushNotification = String(!pushNotification);
	if (chatNotification !== undefined) extra.noChatNotification = String(!chatNotification);
	return Object.keys(extra).length > 0 ? extra : undefined;
}

export interface ContentContext {
	zone: string;
	/** To validate the end of a recurrence; unknown when an event is updated without moving it. */
	startsAt?: DateTime;
	/** What to send for DingTalk's default reminders; a new event gets them if nothing is sent. */
	defaultReminders?: ApiReminder[];
}

/** The fields that `readContent` leaves out where the value says what DingTalk does without them, with their names in the API. */
const LEFT_OUT: ReadonlyArray<[field: string, apiName: string]> = [
	['onlineMeeting', 'onlineMeetingInfo'],
	['reminders', 'reminders'],
	['sendChatCard', 'extra.noChatNotification'],
	['sendPushNotification', 'extra.noPushNotification'],
	['showAs', 'freeBusyStatus'],
];

/** A list of rows to which none was added sets nothing. */
const isSet = (value: unknown): boolean => value !== undefined && !(isObject(value) && Object.keys(value).length === 0);

/** What the user decided although `readContent` may leave it out, by the names in the API. */
export const listDecided = (chosen: Values): string[] =>
	LEFT_OUT.filter(([field]) => isSet(chosen[field])).map(([, apiName]) => apiName);

/** Contains only what the user added; DingTalk keeps everything else as it is. */
export function readContent(chosen: Values, { zone, startsAt, defaultReminders }: ContentContext): IDataObject {
	const content: IDataObject = {};
	if (chosen.eventDescription !== undefined) {
		content.description = readTextUpTo(LIMITS.descriptionCharacters, chosen.eventDescription, 'Description');
	}
	if (chosen.richTextDescription !== undefined) {
		content.richTextDescription = { text: readText(chosen.richTextDescription, 'Rich Text Description') };
	}
	if (chosen.location !== undefined) content.location = { displayName: readText(chosen.location, 'Location') };
	if (chosen.onlineMeeting !== undefined && readBoolean(chosen.onlineMeeting, 'Online Meeting')) {
		content.onlineMeetingInfo = { type: 'dingtalk' };
	}
	if (chosen.categories !== undefined) {
		content.categories = readList(chosen.categories).map((category) => ({
			categoryId: readText(category, 'Category Names or IDs'),
		}));
	}
	// Not documented: DingTalk's SDK has the field without its values, and its command line tool has the values.
	const showAs = chosen.showAs === undefined ? undefined : readChoice(chosen.showAs, 'Show As', SHOW_AS);
	// A new event is busy without it.
	const isNew = defaultReminders === undefined;
	if (showAs === 'free' || (showAs && !isNew)) content.freeBusyStatus = showAs;
	const recurrence = readRecurrence(chosen.recurrence, zone, startsAt);
	if (recurrence) content.recurrence = { pattern: { ...recurrence.pattern }, range: { ...recurrence.range } };
	const reminders = readReminders(chosen.reminders, defaultReminders);
	if (reminders) content.reminders = reminders.map((reminder) => ({ ...reminder }));
	if (chosen.uiComponents !== undefined) content.uiConfigs = readUiComponents(chosen.uiComponents);
	const extra = readNotifications(chosen);
	if (extra) content.extra = extra;
	return content;
}
