// What the shared components take from Evidence, for pages that are complete before any script runs: rows are arrays,
// and there is no base path.
export const Query = { isQuery: () => false };
export const addBasePath = (path) => path;
