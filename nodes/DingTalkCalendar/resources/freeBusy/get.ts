/** Gets the free and busy times of people. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { readSchedules } from '../../../../lib/dingtalk/freeBusy/schedules';
import {
	identifyByField,
	lookUpNamesField,
	PERSON_LOOKUPS,
	peopleField,
	personField,
	readIdentifyBy,
	readPeople,
	resolveUnionIds,
} from '../../../../lib/n8n/fields/people';
import {
	readScheduleOutput,
	readScheduleWindow,
	scheduleOutputProperty,
	zonedWindowProperties,
	tentativeField,
} from '../../fields/freeBusy/scheduleFields';
import { readBoolean } from '../../../../lib/n8n/fields/primitives';
import { InputError } from '../../../../lib/n8n/InputError';
import type { Operation } from '../../../../lib/n8n/Operation';
import { t } from '../../../../lib/locale/t';

const requesterField = personField(
	'Request As',
	'The person who makes the request; DingTalk returns only what this person is allowed to see',
);

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get free and busy times of people',
	description: 'Returns when any number of people are busy or free; costs one call per 20 people',
	calls: [api.getSchedule, api.userIdByUnionId, ...PERSON_LOOKUPS],
	properties: [
		requesterField.property,
		{ ...peopleField('People', 'people', 'People to look up'), required: true },
		...zonedWindowProperties,
		scheduleOutputProperty,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [identifyByField, { ...lookUpNamesField, default: false }, tentativeField],
		},
	],
	prepare(item) {
		const requester = requesterField.read(item);
		const options = item.collection('options');
		const lookUpNames = readBoolean(options.lookUpNames ?? false, 'Look Up Names');
		const people = readPeople(item, item.value('people'), 'People', readIdentifyBy(options.identifyBy));
		if (people.length === 0) throw new InputError('People', t`is empty`, t`Name at least one person.`);
		const window = readScheduleWindow(item);
		const toOutput = readScheduleOutput(item, window, options.tentativeIsFree);

		return async () => {
			const userId = await requester.unionId(api.getSchedule);
			const ids = await resolveUnionIds(people);
			const schedules = await readSchedules(item.client, userId, ids, window);
			return await Promise.all(
				schedules.map(async (schedule) => {
					const { id } = schedule;
					const name = lookUpNames ? { name: (await item.directory.nameOf(id)) ?? null } : {};
					return toOutput(schedule, { id, person: people[ids.indexOf(id)].typed, ...name });
				}),
			);
		};
	},
};
