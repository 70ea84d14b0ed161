/** How far a number can be trusted, by the letter of its grade: the rules stand under "What counts" of the pages that give them. */
export const GRADES = {
	A: 'by design: drawn by lot, or before and after beside a comparison',
	B: 'like compared with like, and the checks hold',
	C: 'like compared with like, with differences left',
	D: 'weak: an estimate, not a comparison'
};
