// Words and signs of the pages on renewals: bands, trends, the lines of the ARR bridge.
import { number, percent, plural } from './format.js';

/** Health in bands: each has its own sign, so that none hangs on a colour. */
export const BANDS = {
	green: { title: 'green', sign: '●' },
	amber: { title: 'amber', sign: '▲' },
	red: { title: 'red', sign: '■' },
	unknown: { title: 'not known', sign: '○' }
};

export const TRENDS = {
	rising: '▲ rising',
	steady: '= steady',
	falling: '▼ falling',
	unknown: 'not known'
};

/** What moves ARR from one month end to another, in order. */
export const MOVEMENTS = {
	opening: 'ARR at the start',
	new: 'New accounts',
	reactivation: 'Accounts that came back',
	expansion: 'Grown',
	contraction: 'Shrunk',
	churn: 'Left',
	fx: 'Exchange rates',
	closing: 'ARR at the end'
};

/** Points of a score with their sign: -12.3456 -> '−12.3' */
export const signed = (value, decimals = 1) => {
	const size = number(value === null || value === undefined ? value : Math.abs(value), decimals);
	if (value === null || value === undefined || Number(size) === 0) return size;
	return `${Number(value) < 0 ? '\u2212' : '+'}${size}`;
};

/** -12.3 -> '12.3 points below' */
export const against = (difference, decimals = 1) => {
	const size = number(Math.abs(difference), decimals);
	const points = size === '1' ? 'point' : 'points';
	return Number(size) === 0 ? 'level with' : `${size} ${points} ${difference < 0 ? 'below' : 'above'}`;
};

/** 14 -> 'in 14 days', -3 -> '3 days ago' */
export const away = (days) =>
	days === 0 ? 'today' : days > 0 ? `in ${plural(days, 'day')}` : `${plural(-days, 'day')} ago`;

/** Lines that hang where the one before them ended; one with `level` stands at that level. */
export const stack = (lines) => {
	let end = 0;
	return lines.map((line) => {
		const from = line.level ?? end;
		end = line.level ?? end + (line.value ?? 0);
		return { ...line, from, to: end };
	});
};

/** The ends of a scale around stacked lines, with a margin; it need not begin at zero, for no bar stands on it. */
export const scaleOf = (lines) => {
	const ends = lines.flatMap((line) => [line.from, line.to]);
	const low = Math.min(...ends);
	const high = Math.max(...ends);
	const margin = (high - low || 1) * 0.06;
	return { low: low - margin, high: high + margin };
};

/** How likely a renewal is, or what is said in its place. */
export const likelihood = (row) =>
	row.is_decided
		? `decided: ${row.decision}`
		: row.renewal_probability === null
			? 'no probability'
			: percent(row.renewal_probability);
