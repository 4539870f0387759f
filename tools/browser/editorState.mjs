/** What n8n's editor itself holds: the fields of the open node, and how a run ended. Its screen follows some moments later. */

/** The stores of n8n's editor: each version since 2.8 has them, in two shapes. */
function readState(page, read, ...values) {
	return page.waitForFunction(
		([source, given]) => {
			const pinia = document.querySelector('#app')?.__vue_app__?.config.globalProperties.$pinia;
			if (!pinia) return false;
			const workflowId = location.pathname.split('/')[2];
			const store = (name) => pinia.state.value[`${name}/${workflowId}@latest`];
			const state = {
				activeNode: (store('ndv') ?? pinia.state.value.ndv).activeNodeName,
				nodes: Object.values(store('workflowDocuments')?.nodesByName ?? pinia.state.value.workflows.workflow.nodes),
				executionOf: (id) => {
					const shown = store('workflowExecutionStates')
						? pinia.state.value[`executionData/${id}`]?.execution
						: pinia.state.value.workflows.workflowExecutionData;
					return shown?.id === id ? shown : undefined;
				},
			};
			return new Function('state', 'given', `return (${source})(state, ...given)`)(state, given);
		},
		[String(read), values],
	);
}

/** Waits until the open node has the text in the field, as a fixed value or as an expression. */
export async function waitForField(page, name, text) {
	await readState(
		page,
		({ activeNode, nodes }, field, written) => {
			// The pickers of n8n write times with a T, and days alone.
			const plain = (value) =>
				String(value)
					.trim()
					.replace(/^=/, '')
					.replace(/^(\d{4}-\d\d-\d\d) /, '$1T')
					.replace(/T00:00:00$/, '');
			const holds = (value, key) =>
				value !== null && typeof value === 'object'
					? Object.entries(value).some(([inner, one]) => holds(one, key === field && inner === 'value' ? field : inner))
					: key === field && plain(value) === plain(written);
			return holds(nodes.find(({ name: one }) => one === activeNode)?.parameters, '');
		},
		name,
		text,
	).catch((error) => {
		throw new Error(`The editor does not have "${text}" in the field ${name}`, { cause: error });
	});
}

/** Waits until the editor has the result of this very run. */
export async function waitForEnd(page, executionId) {
	await readState(
		page,
		({ executionOf }, id) => {
			const status = executionOf(id)?.status;
			return status !== undefined && !['new', 'running', 'waiting'].includes(status);
		},
		executionId,
	);
}
