/** What demo and dev print when everything is running. */
import { OWNER } from '../n8n/rest.mjs';

/** Password and key are printed once, when they are new; then the file in the demo's folder has them. */
const secretsOf = ({ isNew, password, encryptionKey }) =>
	isNew
		? [`${password}   (printed this once)`, encryptionKey && `Encryption   ${encryptionKey}`]
				.filter(Boolean)
				.join('\n  ')
		: 'as printed at the first start; it is in demo-secrets.json in the folder of the demo';

export const welcome = (n8n, simulator, examples, secrets) => `
  n8n          ${n8n}
  Login        ${OWNER.email}
  Password     ${secretsOf(secrets)}

  Simulator    ${simulator}
               the calls it has received: ${simulator}/_simulator/calls

  ${examples} example workflows are ready, with credentials for the simulator. Open one and click "Execute workflow".`;
