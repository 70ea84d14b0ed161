import { Query } from '@evidence-dev/sdk/usql';

/** The rows of a query; while a new answer is on its way, the rows shown before. */
export const settled = (data, before = []) => {
	if (!data) return before;
	if (!Query.isQuery(data)) return data;
	return data.dataLoaded ? Array.from(data) : before;
};
