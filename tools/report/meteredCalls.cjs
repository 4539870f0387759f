/** Reads the metered calls of a run from the hints of its nodes, in the language of either edition. */
const chinese = require('../../locales/zh-CN.json');

const QUOTA = '{1} of your monthly DingTalk quota';
const count = '(\\d+)';

const PATTERNS = [
	QUOTA.replace('{1}', `${count} calls?`),
	chinese[QUOTA].replace('{1}', chinese['{1} calls'].replace('{1}', count)),
].map((pattern) => new RegExp(pattern));

/** @param {string} hint */
const readMeteredCalls = (hint) =>
	Number(PATTERNS.map((pattern) => pattern.exec(hint)?.[1]).find((found) => found !== undefined) ?? 0);

module.exports = { readMeteredCalls };
