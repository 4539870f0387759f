/** The package's credential as the benchmark of token renewal loads it. */
import { DingTalkCalendarApi as Original } from '../../../credentials/DingTalkCalendarApi.credentials';

/** The package's own, without its icon: n8n wants icons inside the folder it loads. */
export class DingTalkCalendarApi extends Original {
	constructor() {
		super();
		Reflect.deleteProperty(this, 'icon');
	}
}
