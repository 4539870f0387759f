/** Lists the occurrences of a recurring event. */
import { api } from '../../../../lib/dingtalk/endpoints';
import { listRows } from '../../../../lib/dingtalk/client/pagination';
import { outputProperties, readEventOutput, type ApiEvent } from '../../../../lib/n8n/fields/eventOutput';
import { limitProperties, pageSizeFor, readLimit } from '../../fields/common/limit';
import { EVENT_LOOKUPS, eventTarget } from '../../fields/locators/eventPath';
import { readDateRange, dateRangeProperties } from '../../fields/common/dateRange';
import type { Operation } from '../../../../lib/n8n/Operation';

const series = eventTarget('Person', 'The organizer or an attendee of the event');

export const getInstances: Operation = {
	value: 'getInstances',
	name: 'Get Occurrences',
	action: 'Get the occurrences of a recurring event',
	description: 'Lists the occurrences of a recurring event; an event that does not repeat has none',
	calls: [api.listInstances, ...EVENT_LOOKUPS],
	properties: [...series.properties, ...dateRangeProperties, ...limitProperties, ...outputProperties],
	prepare(item) {
		const resolvePath = series.read(item);
		const window = readDateRange(item);
		const limit = readLimit(item);
		const toOutput = readEventOutput(item);

		return async () => {
			const occurrences = await listRows<ApiEvent>(
				item.client,
				api.listInstances,
				'events',
				{ path: await resolvePath(), query: { ...window, maxResults: pageSizeFor(limit, api.listInstances.pageSize) } },
				{ limit },
			);
			return occurrences.map((occurrence) => toOutput(occurrence));
		};
	},
};
