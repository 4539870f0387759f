/** Checks the simulator against the contract for real DingTalk. */
import { calendarContract } from '../live/contract';
import { useDesk } from './support/setup';

describe('the simulator, checked against the contract for real DingTalk', () => {
	const desk = useDesk();
	// The contract dates its events from the real clock.
	beforeEach(() => desk().simulator.world.clock.set(Date.now()));

	// Inside, so that the contract cleans up before its desk is closed.
	describe('fulfils the contract', () => {
		calendarContract(() => ({
			engine: desk().engine,
			credential: desk().credential,
			organizer: desk().people[0].mobile,
			attendee: desk().people[1].mobile,
		}));
	});
});
