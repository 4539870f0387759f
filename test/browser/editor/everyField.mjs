/** Nodes that together show every field of the package, with the labels that are declared for them. */
import { createRequire } from 'node:module';

const built = createRequire(import.meta.url);
const { NodeHelpers } = built('n8n-workflow');
const { n8n: manifest, name: packageName } = built('../../../package.json');

const VERSION = { typeVersion: 1 };
const CHOICES = ['options', 'multiOptions', 'boolean'];

/** Fields that are not drawn, and n8n's own list of poll times. */
const isDrawn = ({ type, name }) => type !== 'hidden' && name !== 'pollTimes';

function descriptionOf(file) {
	const path = `../../../${file}`;
	const [NodeClass] = Object.values(built(path));
	return new NodeClass().description;
}

const conditionsOf = ({ displayOptions = {} }) => Object.entries(displayOptions.show ?? {});

/** Those of this operation, whatever else they depend on. */
const fieldsOf = (properties, { resource, operation }) =>
	properties.filter(
		(field) =>
			isDrawn(field) &&
			conditionsOf(field).every(
				([key, values]) =>
					(key !== 'resource' || values.includes(resource)) && (key !== 'operation' || values.includes(operation)),
			),
	);

const innerOf = ({ type, options = [] }) =>
	type === 'collection'
		? [options]
		: type === 'fixedCollection'
			? options.filter((group) => group.values).map((group) => group.values)
			: [];

/** Every condition, as field and value, that some field of the list, or inside one of them, has on a field next to it. */
const choicesIn = (fields) =>
	fields.flatMap((field) => [
		...['show', 'hide'].flatMap((kind) =>
			Object.entries(field.displayOptions?.[kind] ?? {})
				.filter(([key]) => key !== 'resource' && key !== 'operation')
				.flatMap(([key, values]) => values.map((value) => [key, value])),
		),
		...innerOf(field).flatMap((inner) => choicesIn(inner)),
	]);

/** Values in which each collection has all its fields, and the field `key` the wanted value. */
function fill(fields, [key, wanted]) {
	const values = {};
	for (const field of fields) {
		const { name, type, options, typeOptions } = field;
		if (name === key && CHOICES.includes(type)) values[name] = type === 'multiOptions' ? [wanted] : wanted;
		else if (type === 'collection') values[name] = fill(options.filter(isDrawn), [key, wanted]);
		else if (type === 'fixedCollection')
			values[name] = Object.fromEntries(
				options.map((group) => {
					const inner = fill(group.values, [key, wanted]);
					return [group.name, typeOptions?.multipleValues ? [inner] : inner];
				}),
			);
		else if (type !== 'notice') values[name] ??= field.default;
	}
	return values;
}

/** The fields that n8n shows for these values. */
function shownFields(fields, values, description, root = values) {
	return fields
		.filter((field) => isDrawn(field) && NodeHelpers.displayParameter(values, field, VERSION, description, root))
		.flatMap((field) => {
			const own = values[field.name];
			const inner =
				field.type === 'collection'
					? shownFields(field.options, own, description, root)
					: field.type === 'fixedCollection'
						? field.options.flatMap((group) =>
								[own[group.name]].flat().flatMap((one) => shownFields(group.values, one, description, root)),
							)
						: [];
			const isOffered = (option) => NodeHelpers.displayParameter(values, option, VERSION, description, root);
			const shown = CHOICES.includes(field.type) ? { ...field, options: field.options?.filter(isOffered) } : field;
			return [shown, ...inner];
		});
}

/** Who starts the workflow has one panel; the others have one for each operation. */
function panelsOf(file) {
	const description = descriptionOf(file);
	const type = `${packageName}.${description.name}`;
	const [resourceField] = description.properties;
	if (description.group.includes('trigger')) return [{ name: description.name, type, description, fixed: {} }];
	return resourceField.options.flatMap(({ value: resource }) =>
		description.properties
			.filter(({ name, displayOptions }) => name === 'operation' && displayOptions.show.resource.includes(resource))
			.flatMap(({ options }) =>
				options.map(({ value: operation }) => ({
					name: `${resource}.${operation}`,
					type,
					description,
					fixed: { resource, operation },
				})),
			),
	);
}

/** What a field looks like; the same field of two operations is one. */
export const lookOf = ({ displayName, name, type, options, modes }) =>
	JSON.stringify([displayName, name, type, options, modes]);

/** One node for each panel with all its collections open, and one more for each choice that shows a field not seen before. */
export function nodesWithEveryField() {
	const seen = new Set();
	return manifest.nodes.flatMap(panelsOf).flatMap(({ name, type, description, fixed }) => {
		const fields = fieldsOf(description.properties, fixed);
		const variant = (choice) => {
			const parameters = { ...fill(fields, choice), ...fixed };
			return {
				name: [name, ...choice].join(' '),
				type,
				parameters,
				shown: shownFields(fields, parameters, description),
			};
		};
		const isNew = ({ shown }) => {
			const news = shown.map(lookOf).filter((look) => !seen.has(look));
			for (const look of news) seen.add(look);
			return news.length > 0;
		};
		const base = variant([]);
		isNew(base);
		return [base, ...choicesIn(fields).map(variant).filter(isNew)];
	});
}
