/** What demo and dev print when everything is running. */
import { OWNER } from '../n8n/rest.mjs';

export const welcome = (n8n, simulator, examples) => `
  n8n          ${n8n}
  Login        ${OWNER.email}
  Password     ${OWNER.password}

  Simulator    ${simulator}
               the calls it has received: ${simulator}/_simulator/calls

  ${examples} example workflows are ready, with credentials for the simulator. Open one and click "Execute workflow".`;
