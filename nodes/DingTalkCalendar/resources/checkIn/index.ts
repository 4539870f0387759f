/** The Check-In resource: who has arrived at an event and who has left. */
import type { Resource } from '../../../../lib/n8n/Operation';
import { checkIn as checkInOperation } from './checkIn';
import { checkOut } from './checkOut';
import { getCheckInLink } from './getCheckInLink';
import { getCheckIns } from './getCheckIns';
import { getCheckOutLink } from './getCheckOutLink';
import { getCheckOuts } from './getCheckOuts';

export const checkIn: Resource = {
	value: 'checkIn',
	name: 'Check-In',
	description: 'Who has arrived at an event and who has left',
	operations: [checkInOperation, checkOut, getCheckInLink, getCheckIns, getCheckOutLink, getCheckOuts],
	defaultOperation: getCheckIns.value,
};
