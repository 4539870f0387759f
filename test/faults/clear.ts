/** What a clear error is: it speaks in our own words, says what to do next, and gives nothing away. */

/** How n8n speaks where it does not know what happened, and what programs say among themselves. */
const STOCK = [
	/perhaps check your/i,
	/please check your parameters/i,
	/check the detailed error/i,
	/could not be found/i,
	/the service (refused|was not able|failed)/i,
	/unable to (process|sign)/i,
	/the connection (was aborted|timed out|cannot be established|to the server)/i,
	/too many requests from you/i,
	/service is receiving/i,
	/unknown error/i,
	/internal server error/i,
	/bad (gateway|request)/i,
	/gateway timed? ?out/i,
	/request failed with status/i,
	/timeout of \d+ ?ms/i,
	/socket hang up/i,
	/axios|is not a function|cannot read|unexpected (token|end)|\bundefined\b|\bnull\b|\[object|\bNaN\b/i,
	/\b(E[A-Z]{4,}|ERR_[A-Z_]+)\b/,
];

/** Reads like something one can do. */
const ADVICE =
	/\b(try|wait|check|run|look|test|add|ask|choose|continue|copy|correct|extend|go on|give|open|remove|report|set|take|tick|use)\b/i;

/** DingTalk's own words, which come last. */
const EVIDENCE = /(DingTalk answered:|Network code:).*$/s;

export interface Said {
	message: string;
	description: string;
	/** Everything that n8n would store of the run. */
	stored: string;
}

export interface Circumstances {
	/** What must not be found anywhere. */
	secrets: string[];
	/** Something may have been changed although no good answer came. */
	mayBeDone: boolean;
}

/** Whether the error says that a change was made or may have been made. */
export const MAY_BE_DONE =
	/may (already )?have been|may be done|was carried out|has already processed|was made|still processing|is already there|are done/i;

/** What is not clear about an error; empty for a clear one. */
export function unclear({ message, description, stored }: Said, { secrets, mayBeDone }: Circumstances): string[] {
	const advice = description.replace(EVIDENCE, '').trim();
	const own = `${message}\n${advice}`;
	return [
		message.length < 20 && 'says nothing',
		!/ \[Item \d+\]$/.test(message) && 'does not name the item',
		...STOCK.map((phrase) => phrase.test(own) && `speaks in stock phrases (${String(phrase)})`),
		!ADVICE.test(advice) && 'does not say what to do',
		secrets.some((secret) => stored.includes(secret)) && 'gives a secret away',
		mayBeDone && !MAY_BE_DONE.test(own) && 'does not say that the change may have been made',
	].filter((complaint) => complaint !== false);
}
