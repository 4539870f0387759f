import { OWNER } from '../n8n/rest.mjs';

export const welcome = (n8n, simulator, examples) => `
  n8n          ${n8n}
  Login        ${OWNER.email}
  Password     ${OWNER.password}

  Simulator    ${simulator}
               what was asked of it: ${simulator}/_simulator/calls

  ${examples} example workflows are there, with credentials for the simulator. Open one and press "Execute workflow".`;
