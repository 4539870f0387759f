/** Reads what n8n keeps of a run, which it sends as one flat list with indexes in place of values. */
export function unflatten(text) {
	const list = JSON.parse(text);
	const known = new Map();
	const at = (index) => {
		if (known.has(index)) return known.get(index);
		const value = list[index];
		if (typeof value !== 'object' || value === null) return value;
		const whole = Array.isArray(value) ? [] : {};
		known.set(index, whole);
		for (const [key, inner] of Object.entries(value))
			whole[key] = typeof inner === 'string' ? at(Number(inner)) : inner;
		return whole;
	};
	return at(0);
}
