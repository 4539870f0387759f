import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operationsTable } from './operationsTable';

writeFileSync(join(__dirname, '../../docs/operations.md'), operationsTable());
