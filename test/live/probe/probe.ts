/** Asks every question, cleans up, and reports assumption and answer without any name, ID, token or text of the account. */
import { defaultSwitches, type Switches } from '../../simulator/switches';
import { switchValues } from '../../simulator/switchValues';
import type { ProbeCalendar } from './calendar';
import { QUESTIONS, Undetermined, type Answer } from './questions';

export interface Finding {
	name: string;
	asks: string;
	/** What the simulator and the package assume; undefined for a plain observation. */
	assumption?: Answer;
	answer?: Answer;
	/** Why there is no answer. */
	reason?: string;
}

export interface ProbeReport {
	/** The version of this format. */
	probe: 1;
	package: string;
	region: string;
	/** Year and month. */
	date: string;
	meteredCalls: number;
	/** Events that could not be deleted. */
	eventsLeft: number;
	findings: Finding[];
	/** The positions of the simulator's switches, for `npm run simulator -- --like FILE`. */
	switches: Partial<Switches>;
}

const isSwitch = (name: string): name is keyof Switches => name in switchValues;

/** The most metered calls that a whole probe takes. */
export const maxMeteredCalls = (hasGuest: boolean): number =>
	QUESTIONS.filter(({ needsGuest }) => hasGuest || needsGuest !== true).reduce((sum, { metered }) => sum + metered, 0);

export interface ProbeOptions {
	packageVersion: string;
	region: string;
	now?: Date;
	/** Called before each question. */
	onQuestion?(number: number, total: number, asks: string): void;
}

export async function probe(calendar: ProbeCalendar, options: ProbeOptions): Promise<ProbeReport> {
	const findings: Finding[] = [];
	const switches: Record<string, Answer> = {};
	const assumptions = defaultSwitches();
	let eventsLeft = 0;
	try {
		for (const [index, { name, asks, ask, needsGuest }] of QUESTIONS.entries()) {
			options.onQuestion?.(index + 1, QUESTIONS.length, asks);
			const assumption = isSwitch(name) ? assumptions[name] : undefined;
			if (needsGuest === true && calendar.guest === undefined) {
				findings.push({ name, asks, assumption, reason: 'needs a second test user' });
				continue;
			}
			try {
				const answer = await ask(calendar);
				findings.push({ name, asks, assumption, answer });
				if (isSwitch(name)) switches[name] = answer;
			} catch (error) {
				// Only the probe's own sentences: others may quote the account.
				const reason = error instanceof Undetermined ? error.message : 'the call failed';
				findings.push({ name, asks, assumption, reason });
			}
		}
	} finally {
		eventsLeft = await calendar.cleanUp();
	}
	return {
		probe: 1,
		package: options.packageVersion,
		region: options.region,
		date: (options.now ?? new Date()).toISOString().slice(0, 7),
		meteredCalls: calendar.api.metered,
		eventsLeft,
		findings,
		switches: switches as Partial<Switches>,
	};
}

const shown = (answer: Answer | undefined): string => (answer === undefined ? '–' : String(answer));

/** The report as a table for people. */
export function table({ findings, meteredCalls, eventsLeft }: ProbeReport): string {
	const rows = findings.map(({ asks, assumption, answer, reason }) => {
		const verdict =
			answer === undefined ? `? ${reason}` : assumption === undefined || assumption === answer ? '' : '≠ differs';
		return [asks, shown(assumption), shown(answer), verdict];
	});
	const all = [['Question', 'Assumed', 'Answer', ''], ...rows];
	const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column].length)));
	const lines = all.map((row) =>
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd(),
	);
	const left =
		eventsLeft > 0 ? `\n${eventsLeft} events could not be deleted: search the calendar for "n8n probe".` : '';
	return `${lines.join('\n')}\n\n${meteredCalls} metered calls were used.${left}`;
}
