/** What a trigger put out in a real n8n. */

/** Over all executions of the workflow, whose trigger is called 'Changed'; throws if one of them failed. */
export async function startedBy(rest, id) {
	const items = [];
	for (const { id: executionId } of await rest.executions(id)) {
		const { data } = await rest.execution(executionId);
		if (data?.resultData?.error) throw new Error(JSON.stringify(data.resultData.error).slice(0, 500));
		items.push(
			...(data?.resultData?.runData?.Changed?.flatMap(({ data: output }) => output?.main?.flat() ?? []) ?? []),
		);
	}
	return items.map(({ json }) => json);
}
