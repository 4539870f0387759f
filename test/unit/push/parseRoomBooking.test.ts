/** Tests how the pushed news of a room booking is read. */
import { parseRoomBooking } from '../../../lib/dingtalk/push/parseRoomBooking';
import { readFields } from '../../../lib/dingtalk/push/pushFields';

describe('Whether a pushed booking needs an approval', () => {
	it.each([
		[true, true],
		['True', true],
		[1, true],
		['1', true],
		[false, false],
		['false', false],
		[0, false],
		[null, undefined],
		['', undefined],
		['maybe', undefined],
	])('is read from %j as %j', (isApproval, expected) =>
		expect(parseRoomBooking(readFields({ eventSubType: 'bookSuccess', isApproval }))).toMatchObject({
			booking: { needsApproval: expected },
		}),
	);
});
