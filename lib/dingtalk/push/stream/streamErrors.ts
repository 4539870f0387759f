/** Errors of Stream connections: which ones only a person can put right, and what is reported after a long outage. */
import { AccountError } from '../../account';
import { DingTalkError, type ErrorKind } from '../../errors/DingTalkError';

const PERMANENT_KINDS: readonly ErrorKind[] = ['credentials', 'permission', 'address'];

/** Whether trying again soon is pointless: the credential, the app or its permissions must be changed first. */
export const isPermanent = (error: Error): boolean =>
	error instanceof AccountError || (error instanceof DingTalkError && PERMANENT_KINDS.includes(error.kind));

const describe = (error: Error | undefined): string =>
	error === undefined
		? 'DingTalk closes each connection soon after it was opened.'
		: [`${error.message}.`, error instanceof DingTalkError ? error.rawResponse : ''].join(' ').trim();

export const outageError = (lastError: Error | undefined): DingTalkError =>
	new DingTalkError({
		kind: 'network',
		message: 'There has been no lasting Stream connection to DingTalk for ten minutes, so no changes arrive',
		advice: `The trigger keeps trying, and nothing needs to be done once the connection works again. ${describe(lastError)}`,
	});

export const noCredentialError = (): DingTalkError =>
	new DingTalkError({
		kind: 'input',
		message: 'No credential for the Stream connection can be read',
		advice: 'Select a credential in the trigger node, and activate the workflow again.',
	});
