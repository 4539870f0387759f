/** Errors of Stream connections: which ones only a person can put right, and what is reported after a long outage. */
import { AccountError } from '../../account';
import { DingTalkError, type ErrorKind } from '../../errors/DingTalkError';
import { joinSentences, t } from '../../../locale/t';

const PERMANENT_KINDS: readonly ErrorKind[] = ['credentials', 'permission', 'address'];

/** Whether trying again soon is pointless: the credential, the app or its permissions must be changed first. */
export const isPermanent = (error: Error): boolean =>
	error instanceof AccountError || (error instanceof DingTalkError && PERMANENT_KINDS.includes(error.kind));

const describe = (error: Error | undefined): string =>
	error === undefined
		? t`DingTalk closes each connection soon after it was opened.`
		: joinSentences(t`${error.message}.`, error instanceof DingTalkError && error.rawResponse);

export const outageError = (lastError: Error | undefined): DingTalkError =>
	new DingTalkError({
		kind: 'network',
		message: t`There has been no lasting Stream connection to DingTalk for ten minutes, so no changes arrive`,
		advice: t`The trigger keeps trying, and nothing needs to be done once the connection works again. ${describe(lastError)}`,
	});

export const noCredentialError = (): DingTalkError =>
	new DingTalkError({
		kind: 'input',
		message: t`No credential for the Stream connection can be read`,
		advice: t`Select a credential in the trigger node, and publish (activate) the workflow again.`,
	});
