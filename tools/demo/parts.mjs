/** What of the package the demo has to know by name. */
import { simulatorCredential } from '../simulator.mjs';

const PACKAGE = 'n8n-nodes-dingtalk-calendar';

/** One of each type that the examples ask for. */
export const CREDENTIALS = {
	dingTalkCalendarApi: { name: 'DingTalk simulator', data: (url) => simulatorCredential(url) },
};

export const isOurs = ({ type }) => type.startsWith(`${PACKAGE}.`);

export const isTrigger = (node) => isOurs(node) && node.type.endsWith('Trigger');
