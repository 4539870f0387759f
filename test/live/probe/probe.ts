/** Asks every question, cleans up, and reports assumption and answer without any name, ID, token or text of the account. */
import { defaultSwitches, type Switches } from '../../simulator/switches';
import { switchValues } from '../../simulator/switchValues';
import type { ProbeCalendar } from './calendar';
import { QUESTIONS, Undetermined, type Answer } from './questions';
import { emptyReport, type Finding, type ProbeReport, type ReportOrigin } from './report';
import { openFinding } from './syncToken';

const isSwitch = (name: string): name is keyof Switches => name in switchValues;

/** The most metered calls that a whole probe takes. */
export const maxMeteredCalls = (hasGuest: boolean): number =>
	QUESTIONS.filter(({ needsGuest }) => hasGuest || needsGuest !== true).reduce((sum, { metered }) => sum + metered, 0);

export interface ProbeOptions extends ReportOrigin {
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
		...emptyReport(options),
		meteredCalls: calendar.api.metered,
		eventsLeft,
		findings: [...findings, openFinding()],
		switches: switches as Partial<Switches>,
	};
}
