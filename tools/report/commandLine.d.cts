/** The types of the options of npm scripts. */
interface Option {
	/** A list may be given several times, and with commas. */
	is: 'flag' | 'number' | 'text' | 'list';
	/** How the usage names the value. */
	value?: string;
	says: string;
	/** The smallest number; 0 by default. */
	least?: number;
	/** The only values there are. */
	among?: readonly string[];
}

export interface Command<Options extends Record<string, Option> = Record<string, Option>> {
	/** The name of the npm script. */
	script: string;
	does: string;
	options: Options;
}

interface Kinds {
	flag: boolean;
	number: number;
	text: string;
	list: string[];
}

type Values<Options extends Record<string, Option>> = { [Name in keyof Options]?: Kinds[Options[Name]['is']] };

export function parseCommandLine<Options extends Record<string, Option>>(
	command: Command<Options>,
	args: string[],
): { values?: Values<Options>; refusal?: string; usage?: string };
export function readCommandLine<const Options extends Record<string, Option>>(
	command: Command<Options>,
): Values<Options>;
