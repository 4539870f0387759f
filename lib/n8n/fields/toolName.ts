/** What an edition whose labels have no Latin letters says where the node is a tool of an agent. */
import type { INodeProperties } from 'n8n-workflow';
import { catalogue } from '../../locale/catalogue';

const toolNameNotice: INodeProperties = {
	displayName:
		"n8n uses this node's name as the name of the tool, but keeps only Latin letters, digits, _ and -. <b>Add a Latin name to it</b>, such as book_meeting, that no other tool of this agent has. Tools of the same name stop the agent.",
	name: 'toolNameNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { '@tool': [true] } },
};

/** The names that n8n proposes in English are different as they are. */
export const toolNameNotices = (): INodeProperties[] => (catalogue.language === 'en' ? [] : [toolNameNotice]);
