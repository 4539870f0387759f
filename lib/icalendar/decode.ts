/** Turns the bytes of a calendar file into text; a line may be folded in the middle of a character. */
import { t } from '../locale/t';

export interface DecodedFile {
	text: string;
	/** Why the text may differ from what its author wrote; completes the sentence 'The event …'. */
	problem?: string;
}

const FOLDS = /\r?\n[ \t]/g;

const decodeAs = (bytes: Buffer, encoding: string): string | undefined => {
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
};

/** Programs that fold at 75 bytes may cut a character in two, so lines are unfolded before bytes become characters. */
export function decodeFile(file: Buffer): DecodedFile {
	const whole = decodeAs(file, 'utf-8');
	if (whole !== undefined) return checkText(whole);
	// Latin-1 keeps each byte as one character.
	const bytes = Buffer.from(file.toString('latin1').replace(FOLDS, ''), 'latin1');
	const text = decodeAs(bytes, 'utf-8');
	if (text !== undefined) return checkText(text);
	const chinese = decodeAs(bytes, 'gb18030');
	if (chinese !== undefined) {
		return { text: chinese, problem: t`is in a file that is not UTF-8; its text was read as GBK, so check it` };
	}
	return checkText(bytes.toString('utf8'));
}

/** A replacement character stands where a program could not read the text. */
export const checkText = (text: string): DecodedFile =>
	text.includes('\uFFFD') ? { text, problem: t`is in a file with damaged characters (�)` } : { text };
