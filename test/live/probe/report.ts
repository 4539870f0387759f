/** The report of a probe: what was asked, and the switches of a simulator like it, without a name, ID, token or text of the account. */
import type { Switches } from '../../simulator/switches';
import type { Answer } from './questions';

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

export interface ReportOrigin {
	packageVersion: string;
	region: string;
	now?: Date;
}

export const emptyReport = ({ packageVersion, region, now = new Date() }: ReportOrigin): ProbeReport => ({
	probe: 1,
	package: packageVersion,
	region,
	date: now.toISOString().slice(0, 7),
	meteredCalls: 0,
	eventsLeft: 0,
	findings: [],
	switches: {},
});

/** The report with this finding in place of an earlier one. */
export function withFinding(report: ProbeReport, finding: Finding): ProbeReport {
	const switches = Object.entries(report.switches).filter(([name]) => name !== finding.name);
	const answers = finding.answer === undefined ? [] : [[finding.name, finding.answer]];
	return {
		...report,
		findings: [...report.findings.filter(({ name }) => name !== finding.name), finding],
		switches: Object.fromEntries([...switches, ...answers]) as Partial<Switches>,
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
