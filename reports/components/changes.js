// How a changed value is written: in its metric's unit, with its period and its cause.
import { amount, count, day, month, number, percent, points } from './format.js';

export const CAUSES = {
	new_period: {
		title: 'New period',
		as: 'of a new period',
		what: 'the period was not there, or not over, when the last release was made, or its window has moved on',
		rule: 'The period had no value in the release before, or was not over on its as-of date; or the twelve months of a window have moved on.'
	},
	late_data: {
		title: 'Late data',
		as: 'by late data',
		what: 'rows that the value depends on became known, or known in full, only after the last release',
		rule: 'Rows of the period, or else others that the value depends on, became known only after the release before, or something in them that was still empty.'
	},
	correction: {
		title: 'Correction',
		as: 'corrected',
		what: 'a source corrected rows that it had supplied before and that the value depends on',
		rule: 'A row of the period, or else another that the value depends on, says something else than one with the same key did. Filling in what was empty is no correction.'
	},
	definition_change: {
		title: 'Definition',
		as: 'defined anew',
		what: 'the metric is computed in another way than before',
		rule: 'Definition, formula, unit or a threshold of the metric changed.'
	}
};

/** Where the release before, as of this day, kept none of these values. */
export const notComparable = (asOf) =>
	`There is nothing to compare with: the last release, as of ${day(asOf)}, did not keep these values.`;

/** 'late_data' -> 'Late data' */
export const causeOf = (code) => CAUSES[code]?.title ?? code;

const WHOLE = ['spells', 'items', 'people', 'contracts'];

/** A value in its unit: 0.4696, 'share' -> '47.0%'; 81234.5, 'reporting currency' -> '81,235'; 1, 'yes or no' -> 'yes' */
export const written = (value, unit) => {
	if (value === null || value === undefined) return '–';
	if (unit === 'share') return percent(value, 1).replace('-', '\u2212');
	if (unit === 'reporting currency') return amount(value);
	if (unit === 'yes or no') return Number(value) === 0 ? 'no' : 'yes';
	if (WHOLE.includes(unit)) return count(value);
	return number(value, unit === 'ratio' || unit === 'correlation' ? 2 : 1);
};

/** By how much a value moved: 0.012, 'share' -> '+1.2 points'; -340, 'reporting currency' -> '−340' */
export const moved = (change, unit) => {
	if (change === null || change === undefined) return '–';
	if (unit === 'share') return `${points(change, 1)} points`;
	if (unit === 'yes or no') return '';
	const size = written(Math.abs(change), unit);
	return Number(change) === 0 ? size : `${change < 0 ? '\u2212' : '+'}${size}`;
};

/** Relative to what it was: 0.031 -> '+3.1%' */
export const relative = (change) =>
	change === null || change === undefined
		? '–'
		: `${change < 0 ? '\u2212' : '+'}${percent(Math.abs(change), 1)}`;

/** The period of a row: 'June 2026', 'week of 22 June 2026', 'Q2 2026', '12 months to 30 June 2026', 'all cohorts' */
export const periodOf = (row) => {
	const [year, of] = String(row.period_start).split('-').map(Number);
	if (row.period_grain === 'week') return `week of ${day(row.period_start)}`;
	if (row.period_grain === 'month') return month(row.period_start);
	if (row.period_grain === 'quarter') return `Q${Math.ceil(of / 3)} ${year}`;
	if (row.period_grain === 'half_year') return `H${of > 6 ? 2 : 1} ${year}`;
	if (row.period_grain === 'year') return `year to ${day(row.period_end)}`;
	if (row.period_grain === 'all') return `all, to ${day(row.period_end)}`;
	return `${String(row.period_grain).replaceAll('_', ' ').replace('trailing ', '')} to ${day(row.period_end)}`;
};
