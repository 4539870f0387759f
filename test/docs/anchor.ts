/** What GitHub makes of a headline, so that one can link to it. */
export const anchorOf = (headline: string): string =>
	headline
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.replace(/\s/g, '-');
