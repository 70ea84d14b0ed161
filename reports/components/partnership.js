// What a partnership is judged by, and the words for a number that may not be shown.
import { count, interval } from './format.js';
import { inWords } from './roi.js';

const isKnown = (value) => value !== null && value !== undefined;

/** Why a number of people is not shown: one text, because which rule hides a number tells of it. */
export const HIDDEN = 'hidden: it could tell of fewer than 10 people';

/** Why a score of a survey is not shown. */
export const UNHEARD = 'hidden: fewer than 5 answered, or all alike';

/** People behind a number that is not told exactly: 470 -> 'at least 470' */
export const atLeast = (people, least) => (isKnown(people) && people > 0 ? `at least ${count(people)}` : `fewer than ${least}`);

/** 'at most 5 %' -> 'at most 5%', as all shares are written */
export const shareText = (text) => text.replace(' %', '%');

/** The interval of a share, in brackets; nothing where its counts are not told. */
export const within = (row, decimals = 0) =>
	isKnown(row.ci_low) && isKnown(row.ci_high) ? `(${interval(row.ci_low, row.ci_high, decimals)})` : '';

/** How many of how many, as far as it is told: '60 of 150', 'of 150', '60' */
export const counted = (row) => {
	const parts = [isKnown(row.numerator_count) && count(row.numerator_count), isKnown(row.denominator_count) && `of ${count(row.denominator_count)}`];
	return parts.filter(Boolean).join(' ') || '–';
};

/** The rows of a cut: of all, of one program, of one intake; in the order of the journey. */
export const steps = (journey, cut, member = null) =>
	journey
		.filter((row) => row.cut === cut && (member === null || row.member_code === member))
		.sort((a, b) => a.stage_order - b.stage_order);

/** The members of a cut, each once: [{ code, title }]. */
export const members = (journey, cut) => {
	const found = new Map();
	for (const row of [...journey].sort((a, b) => a.member_order - b.member_order))
		if (row.cut === cut) found.set(row.member_code, row.member_title);
	return [...found].map(([code, title]) => ({ code, title }));
};

/** 'behind', 'ahead' or 'level': where the benchmark lies to the interval of a step; nothing where one is not known. */
export const standing = (step) => {
	if (!step || !isKnown(step.ci_low) || !isKnown(step.benchmark_rate)) return null;
	if (step.benchmark_rate > step.ci_high) return 'behind';
	return step.benchmark_rate < step.ci_low ? 'ahead' : 'level';
};

/** The steps that are behind for certain, the widest gap first. */
export const behind = (journey) =>
	steps(journey, 'all')
		.filter((step) => standing(step) === 'behind')
		.sort((a, b) => b.benchmark_rate - b.rate - (a.benchmark_rate - a.rate));

/** 'more', 'less' or 'unclear': what the interval of a difference says; nothing where it cannot be estimated. */
export const told = (outcome) => {
	if (!outcome?.is_estimable || !outcome.direction) return null;
	if (outcome.direction === 'not clear') return 'unclear';
	return (outcome.direction === 'better') === (outcome.better === 'higher') ? 'more' : 'less';
};

/** Whether the difference itself is told, not only its direction. */
export const isMeasured = (outcome) => Boolean(told(outcome)) && isKnown(outcome.ci_low);

const DIRECTIONS = {
	more: 'more than comparable colleagues',
	less: 'less than comparable colleagues',
	unclear: 'the data cannot tell from comparable colleagues'
};

/** The direction alone, where the numbers would tell of few people. */
export const inDirection = (outcome) => `${DIRECTIONS[told(outcome)]} (grade ${outcome.evidence_grade})`;

/** Why an outcome or a return is not stated. */
export const why = (row) => (row ? inWords(row.reason) || 'too little is known' : 'it was not supplied');

/** { low, base, high } of the returns; empty where none was supplied. */
export const scenarios = (returns) => Object.fromEntries(returns.map((row) => [row.scenario, row]));

/** Whether the money came back: 'yes' even in the low case, 'no' not even in the high one, else 'unclear'. */
export const paid = ({ low, base, high }) => {
	if (!base?.is_estimable || !isKnown(low?.bcr) || !isKnown(high?.bcr)) return null;
	return low.bcr >= 1 ? 'yes' : high.bcr < 1 ? 'no' : 'unclear';
};
