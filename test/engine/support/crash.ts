/** What a text looks like that comes from a mistake in the code rather than from a check of it. */
export const CRASH =
	/Cannot (read|set|convert)|is not (iterable|a function|an object|defined)|\bundefined\b|\bNaN\b|Invalid (DateTime|Date|time)|\[object|does not come from DingTalk/;
