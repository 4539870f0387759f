/** Every page that is made from the code, by its path. */
import { errorsPage } from './errorsPage';
import { evidencePage } from './evidencePage';
import { operationsTable } from './operationsTable';
import { permissionsPage } from './permissionsPage';
import { resourcePages } from './resourcePages';
import { triggersPage } from './triggersPage';

export const pages = (): Map<string, string> =>
	new Map([
		['docs/operations.md', operationsTable()],
		['docs/errors.md', errorsPage()],
		['docs/project/evidence.md', evidencePage()],
		['docs/permissions.md', permissionsPage()],
		['docs/resources/triggers.md', triggersPage()],
		...resourcePages(),
	]);
