// How a difference between two groups is written and drawn: in percentage points, or in hours.
import { number, percent, points } from './format.js';

const UNITS = { share: 'percentage points', hours: 'hours' };

/** 'share' -> 'percentage points' */
export const unitOf = (unit) => UNITS[unit] ?? unit;

/** What a group did: 0.9401, 'share' -> '94.0%'; 9.81, 'hours' -> '9.8' */
export const level = (value, unit) => (unit === 'hours' ? number(value, 1) : percent(value, 1));

/** The same where shares are told in whole points only: 0.94, 'share' -> '94%' */
export const wholeLevel = (value, unit) => (unit === 'hours' ? level(value, unit) : percent(value));

/** A difference with its sign: 0.0142, 'share' -> '+1.4'; -0.74, 'hours' -> '−0.7' */
export const difference = (value, unit) =>
	points(unit === 'hours' && typeof value === 'number' ? value / 100 : value, 1);

/** '−0.2 to +3.0' */
export const between = (low, high, unit) => `${difference(low, unit)} to ${difference(high, unit)}`;

/** Marks of an axis of differences that holds every value, zero among them. */
export const differenceAxis = (values, unit) => {
	const known = values.filter((value) => typeof value === 'number');
	const least = Math.min(0, ...known);
	const most = Math.max(0, ...known);
	const raw = (most - least || 0.01) / 5;
	const size = 10 ** Math.floor(Math.log10(raw));
	const step = [1, 2, 2.5, 5, 10].map((n) => n * size).find((each) => each >= raw * (1 - 1e-9));
	const first = Math.floor(least / step + 1e-9);
	const last = Math.ceil(most / step - 1e-9);
	const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
		const at = (first + i) * step;
		return { at, label: difference(at, unit).replace(/\.0$/, '') };
	});
	return { from: first * step, to: last * step, ticks };
};
