/** Support for tests of the polling trigger: workflows, a simulated clock, and what people do in DingTalk meanwhile. */
import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import { MINUTE } from '../../../lib/dingtalk/utils/time';
import { CalendarStore } from '../../simulator/calendar/calendarStore';
import type { EventView, ResponseStatus } from '../../simulator/calendar/model';
import { readNewEvent, readUpdate } from '../../simulator/calendar/validate';
import type { Person } from '../../simulator/company';
import { Limits } from '../../simulator/limits';
import { POLLING_TRIGGER, type Poller, type WorkflowJson } from '../harness';
import type { PollerOptions } from '../harness/poller';
import type { Desk } from './setup';

/** As exported from the editor: parameters with their default value are left out. */
export function pollingWorkflow(
	parameters: INodeParameters,
	{ id = 'polling', timezone = 'Asia/Shanghai' } = {},
): WorkflowJson {
	const trigger: INode = {
		id: 'trigger-1',
		name: 'Trigger',
		type: POLLING_TRIGGER,
		typeVersion: 1,
		position: [0, 0],
		parameters,
	};
	return { id, nodes: [trigger], connections: {}, settings: { timezone } };
}

export function createPoller(
	desk: Desk,
	parameters: INodeParameters,
	options: Partial<PollerOptions> & { id?: string; timezone?: string } = {},
): Poller {
	const { id, timezone, ...more } = options;
	return desk.engine.poller(pollingWorkflow(parameters, { id, timezone }), { credentials: [desk.credential], ...more });
}

/**
 * One clock for DingTalk and n8n. It advances a little whenever it is read, so that the rate limiter, which counts the
 * calls per second, never has to wait.
 */
export class SimulatedTime {
	private now: number;
	private readonly spies: Array<jest.SpyInstance<number, []>>;

	constructor(desk: Desk, start: string) {
		this.now = Date.parse(start);
		this.spies = [Date, performance].map((clock) => jest.spyOn(clock, 'now').mockImplementation(() => (this.now += 7)));
		desk.simulator.world.clock.set(Date.now());
	}

	get at(): number {
		return this.now;
	}

	moveTo(at: number): void {
		this.now = Math.max(this.now, at);
	}

	advance(ms: number): void {
		this.now += ms;
	}

	end(): void {
		for (const spy of this.spies) spy.mockRestore();
	}
}

/** What people do in DingTalk itself, without API calls. */
export class Company {
	constructor(private readonly desk: Desk) {}

	private get store(): CalendarStore {
		return this.desk.simulator.world.use(CalendarStore);
	}

	view(id: string): EventView {
		const view = this.store.byId(id);
		if (!view) throw new Error(`The simulator has no event ${id}`);
		return view;
	}

	/** Ignores the limit of events that one person may create per day. */
	create(organizer: Person, event: IDataObject): string {
		const { world } = this.desk.simulator;
		world.use(Limits).change({ eventsPerDay: null });
		return this.store.create(
			readNewEvent({ summary: 'Planted', ...event }, organizer.unionId, world, { endOptional: false }),
		).id;
	}

	update(id: string, change: IDataObject): void {
		const view = this.view(id);
		const current = {
			span: view.details.span,
			recurrence: view.event.recurrence,
			isInstance: view.originMs !== undefined,
		};
		this.store.update(
			view,
			readUpdate({ id, ...change }, id, current, this.desk.simulator.world),
			view.event.organizer,
		);
	}

	cancel(id: string): void {
		const view = this.view(id);
		this.store.cancel(view, view.event.organizer);
	}

	respond(id: string, who: Person, answer: ResponseStatus): void {
		this.store.respond(this.view(id), who.unionId, answer);
	}

	invite(id: string, who: Person): void {
		const view = this.view(id);
		this.store.addAttendees(view, [{ unionId: who.unionId, isOptional: false }], view.event.organizer);
	}

	uninvite(id: string, who: Person): void {
		const view = this.view(id);
		this.store.removeAttendees(view, [who.unionId], view.event.organizer);
	}

	hide(id: string, who: Person): void {
		this.store.hide(this.view(id), who.unionId);
	}
}

export const timed = (start: number, minutes = 60, timeZone = 'Asia/Shanghai'): IDataObject => ({
	start: { dateTime: new Date(start).toISOString(), timeZone },
	end: { dateTime: new Date(start + minutes * MINUTE).toISOString(), timeZone },
});

export const guests = (...people: Person[]): IDataObject => ({
	attendees: people.map(({ unionId }) => ({ id: unionId })),
});

export interface ReportedChange {
	id: string;
	kind: string;
	key: string;
	people: string[];
	change: IDataObject;
}

export const readReported = (items: IDataObject[]): ReportedChange[] =>
	items.map((item) => {
		const change = item.change as IDataObject;
		return {
			id: String(item.id),
			kind: String(change.kind),
			key: String(change.key),
			people: change.people as string[],
			change,
		};
	});
