/** The list of all resources and operations; dropdowns, fields, routing, docs and tests are derived from it. */
import type { INodeProperties } from 'n8n-workflow';
import { withRunOptions } from '../fields/common/runOptions';
import { showWhen } from '../../../lib/n8n/fields/showWhen';
import type { Operation, Resource } from '../../../lib/n8n/Operation';
import { accessControl } from './accessControl';
import { attendee } from './attendee';
import { calendar } from './calendar';
import { checkIn } from './checkIn';
import { event } from './event';
import { freeBusy } from './freeBusy';
import { meetingRoom } from './meetingRoom';
import { response } from './response';
import { subscriptionCalendar } from './subscriptionCalendar';

/** In the order of use, which n8n keeps in its lists of resources and actions; see docs/project/decisions/editor.md. */
export const resources: readonly Resource[] = [
	event,
	response,
	attendee,
	freeBusy,
	meetingRoom,
	checkIn,
	calendar,
	subscriptionCalendar,
	accessControl,
].map((resource) => ({ ...resource, operations: resource.operations.map(withRunOptions) }));

const DEFAULT_RESOURCE = event.value;

const resourceProperty: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	default: DEFAULT_RESOURCE,
	options: resources.map(({ name, value, description }) => ({ name, value, description })),
};

const operationProperty = ({ value: resource, operations, defaultOperation }: Resource): INodeProperties => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: defaultOperation,
	displayOptions: { show: { resource: [resource] } },
	options: operations.map(({ name, value, description, action }) => ({ name, value, description, action })),
});

const operationFields = ({ value: resource, operations }: Resource): INodeProperties[] =>
	operations.flatMap(({ value: operation, properties }) =>
		showWhen({ resource: [resource], operation: [operation] }, properties),
	);

export const properties: INodeProperties[] = [
	resourceProperty,
	...resources.map(operationProperty),
	...resources.flatMap(operationFields),
];

export function findOperation(resource: unknown, operation: unknown): Operation | undefined {
	return resources.find(({ value }) => value === resource)?.operations.find(({ value }) => value === operation);
}
