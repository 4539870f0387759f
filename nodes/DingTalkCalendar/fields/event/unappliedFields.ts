/** Says which fields of an update DingTalk's answer shows not to be set, by the names that they have in the editor. */
import { findUnappliedFields, type Comparison } from '../../../../lib/dingtalk/events/findUnappliedFields';
import type { IDataObject } from 'n8n-workflow';
import type { Item } from '../../../../lib/n8n/ItemContext';
import { joinWords, t, translate } from '../../../../lib/locale/t';

const FIELD_LABELS: Record<string, string> = {
	attendees: 'Attendees',
	cardInstances: 'cardInstances',
	categories: 'Category Names or IDs',
	description: 'Description',
	end: 'End',
	freeBusyStatus: 'Show As',
	location: 'Location',
	onlineMeetingInfo: 'Online Meeting',
	recurrence: 'Repeat',
	reminders: 'Reminders',
	richTextDescription: 'Rich Text Description',
	start: 'Start',
	summary: 'Title',
	uiConfigs: 'Buttons and Sections',
};

export const nameFields = (fields: string[]): string =>
	joinWords(fields.map((field) => t`'${translate(FIELD_LABELS[field] ?? field)}'`));

/** Adds what the answer does not confirm to the hints of the run. */
export function hintAtUnappliedFields(item: Item, { unapplied, notReturned }: Comparison): void {
	if (unapplied.length > 0) {
		item.addHint(
			t`DingTalk accepted the update, but the event it returned does not show the change of ${nameFields(unapplied)}.`,
		);
	}
	if (notReturned.length > 0) {
		item.addHint(
			t`DingTalk accepted the update, but returned the event without ${nameFields(notReturned)}: whether this was changed is not known.`,
		);
	}
}

/** Those of the changed fields that DingTalk's answer does not show otherwise; the others are hints. */
export function confirmChanges(item: Item, changed: string[], body: IDataObject, returned: IDataObject): string[] {
	if (item.client.isPreview) return changed;
	const comparison = findUnappliedFields(body, returned);
	hintAtUnappliedFields(item, comparison);
	const stayed = new Set(comparison.unapplied);
	return changed.filter((part) => !stayed.has(part) && !(part === 'isAllDay' && stayed.has('start')));
}
