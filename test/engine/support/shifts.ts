/** A plan of shifts in March 2026 that 'Create or Update' writes, with 'Remove What Is No Longer Listed'. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { NodeRun } from '../harness';
import { plant, remembered } from './events';
import type { useDesk, Result } from './setup';

const MARCH = { prefix: 'SHIFT-', from: '2026-03-01', until: '2026-04-01' };

/** A row of the plan: an hour of a day. */
export const shiftRow = (key: string, day: number): IDataObject => {
	const date = `2026-03-${String(day).padStart(2, '0')}`;
	return { key, title: `Shift ${key}`, start: `${date}T10:00`, end: `${date}T11:00` };
};

export interface Shifts {
	/** Adds an hour under a key to the calendar. Returns the ID of the event. */
	plantShift(key: string, day: number, from?: number, more?: IDataObject): string;
	/** Writes the rows, with these settings of the list. */
	run(rows: IDataObject[], list: IDataObject, more?: Partial<NodeRun>): Promise<Result>;
	keysLeft(): Promise<string[]>;
}

export const shiftsOf = (desk: ReturnType<typeof useDesk>): Shifts => ({
	plantShift(key, day, from = 10, more = {}) {
		const at = (clock: number): IDataObject => ({
			dateTime: `2026-03-${String(day).padStart(2, '0')}T${String(clock).padStart(2, '0')}:00:00+08:00`,
			timeZone: 'Asia/Shanghai',
		});
		const content = { start: at(from), end: at(from + 1), summary: `Shift ${key}`, description: `[key: ${key}]` };
		return plant(desk(), desk().people[0], { ...content, ...more });
	},

	async run(rows, list, { parameters, ...rest } = {}) {
		await desk().recorder.clear();
		return await desk().runNode({
			parameters: {
				resource: 'event',
				operation: 'upsert',
				user: desk().people[0].unionId,
				externalKey: '={{ $json.key }}',
				summary: '={{ $json.title }}',
				start: '={{ $json.start }}',
				end: '={{ $json.end }}',
				options: { removeUnlisted: { list: { ...MARCH, ...list } } },
				...parameters,
			} as INodeParameters,
			items: rows,
			...rest,
		});
	},

	keysLeft: async () =>
		(await remembered(desk()))
			.filter(({ status }) => status !== 'cancelled')
			.map(({ description }) => String(description).replace(/^\[key: (.*)\]$/, '$1'))
			.sort(),
});
