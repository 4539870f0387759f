/** The lint rules: n8n's own for community nodes, untouched, and the house's for everything else. */
import { config } from '@n8n/node-cli/eslint';

export default config;
