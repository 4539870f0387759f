/** Reads output and errors from a run. */
import { jsonStringify } from 'n8n-workflow';
import type { ExecutionError, IDataObject, INodeExecutionData, IRun, ITaskData, NodeExecutionHint } from 'n8n-workflow';

const lastTask = (run: IRun, node: string): ITaskData | undefined => run.data.resultData.runData[node]?.at(-1);

/** The items a node put out, with their pairing and errors. Empty for a node that did not run. */
export const itemsOf = (run: IRun, node: string, output = 0): INodeExecutionData[] =>
	lastTask(run, node)?.data?.main?.[output] ?? [];

/** The JSON of the items a node put out. */
export const outputOf = (run: IRun, node: string, output = 0): IDataObject[] =>
	itemsOf(run, node, output).map(({ json }) => json);

/** The error the run ended with; undefined for a run that did not fail. */
export const errorOf = (run: IRun): ExecutionError | undefined => run.data.resultData.error;

/** The hints a node left for the editor. */
export const hintsOf = (run: IRun, node: string): NodeExecutionHint[] => lastTask(run, node)?.hints ?? [];

/** Everything a server would keep of the run, as text: the place to look for secrets that must not be there. */
export const storedTextOf = (run: IRun): string => jsonStringify(run.data, { replaceCircularRefs: true });
