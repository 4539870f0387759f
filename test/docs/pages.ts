/** Every page that is made from the code, by its path. */
import { operationsTable } from './operationsTable';
import { resourcePages } from './resourcePages';

export const pages = (): Map<string, string> => new Map([['docs/operations.md', operationsTable()], ...resourcePages()]);
