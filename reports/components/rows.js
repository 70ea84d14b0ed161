import { Query } from '@evidence-dev/sdk/usql';

/** The rows of a query; while a new answer is on its way, the rows shown before. */
export const settled = (data, before = []) => {
	if (!data) return before;
	if (!Query.isQuery(data)) return data;
	return data.dataLoaded ? Array.from(data) : before;
};

/**
 * The rows of several queries, by name. After a choice they change together, once the last answer is there: no
 * sentence ever mixes two selections. Until then `isSettling` is true.
 */
export const settledTogether = (queries, before = {}) => {
	const names = Object.keys(queries);
	const ready = names.every((name) => !Query.isQuery(queries[name]) || queries[name].dataLoaded);
	const rows = names.map((name) => [name, ready ? settled(queries[name]) : (before[name] ?? [])]);
	return { ...Object.fromEntries(rows), isSettling: !ready };
};
