import { api } from '../../../dingtalk/api';
import { peoplesSchedules } from '../../../dingtalk/busy';
import {
	identifyByField,
	PEOPLE_LOOK_UPS,
	peopleField,
	person,
	readIdentifyBy,
	readPeople,
} from '../../fields/people';
import {
	readScheduleOutput,
	readScheduleWindow,
	scheduleOutputProperty,
	scheduleWindowProperties,
	tentativeField,
} from '../../fields/schedule';
import { InputError } from '../../runner/inputError';
import type { Operation } from '../../runner/operation';

const asker = person('Ask as Person', 'In whose name to ask; DingTalk tells only what this person may see');

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get free and busy times of people',
	description: 'See when people are busy or free, any number of them; 20 people cost one call',
	calls: [api.getSchedule, ...PEOPLE_LOOK_UPS],
	properties: [
		asker.property,
		{ ...peopleField('People', 'people', 'Whose times to read'), required: true },
		...scheduleWindowProperties,
		scheduleOutputProperty,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			options: [identifyByField, tentativeField],
		},
	],
	prepare(item) {
		const who = asker.read(item);
		const { identifyBy, tentativeIsFree } = item.group('options');
		const people = readPeople(item, item.value('people'), 'People', readIdentifyBy(identifyBy));
		if (people.length === 0) throw new InputError('People', 'is empty', 'Name at least one person.');
		const window = readScheduleWindow(item);
		const show = readScheduleOutput(item, window, tentativeIsFree);

		return async () => {
			const userId = await who.unionId(api.getSchedule);
			const typed = new Map<string, string>();
			for (const one of people) {
				const id = await one.unionId();
				if (!typed.has(id)) typed.set(id, one.typed);
			}
			const schedules = await peoplesSchedules(item.client, userId, [...typed.keys()], window);
			return schedules.map((schedule) => show(schedule, { id: schedule.id, person: typed.get(schedule.id) ?? null }));
		};
	},
};
