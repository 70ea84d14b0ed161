// Small helpers of the pictures.
import { money } from './format.js';

/** Marks of an axis of rates, up to the first round number above the highest value. */
export const rateAxis = (highest) => {
	const steps = [0.1, 0.25, 0.5, 0.75, 1];
	const top = steps.find((step) => step >= highest - 1e-9) ?? 1;
	const parts = top === 0.1 || top === 1 || top === 0.5 ? 2 : top / 0.25;
	const marks = Array.from({ length: Math.max(parts, 1) + 1 }, (_, i) => (top * i) / Math.max(parts, 1));
	return { to: top, ticks: marks.map((at) => ({ at, label: `${Math.round(at * 100)}%` })) };
};

/** Marks of an axis of counts. */
export const countAxis = (highest) => {
	const size = 10 ** Math.floor(Math.log10(Math.max(highest, 1)));
	const to = [1, 2, 5, 10].map((n) => n * size).find((top) => top >= highest);
	return {
		to,
		ticks: [0, to / 2, to].filter(Number.isInteger).map((at) => ({ at, label: at.toLocaleString('en-US') }))
	};
};

/** Marks of an axis of money from the lowest to the highest value, zero among them. */
export const moneyAxis = (lowest, highest) => {
	const least = Math.min(lowest, 0);
	const most = Math.max(highest, least < 0 ? 0 : 1);
	const raw = (most - least) / 4;
	const size = 10 ** Math.floor(Math.log10(raw));
	const step = [1, 2, 2.5, 5, 10].map((n) => n * size).find((each) => each >= raw);
	const from = Math.floor(least / step + 1e-9) * step;
	const ticks = [];
	for (let n = 0; from + n * step < most + step * (1 - 1e-9); n += 1) {
		const at = Math.abs(from + n * step) < step / 2 ? 0 : from + n * step;
		ticks.push({ at, label: money(at).replace(/(\.\d*?)0+(?=[kM])/, '$1').replace(/\.(?=[kM])/, '') });
	}
	return { from: ticks[0].at, to: ticks.at(-1).at, ticks };
};

/** Marks of an axis of days; the last one says so. */
export const dayAxis = (longest) => {
	const step = [1, 2, 5, 7, 14, 28, 56, 91, 182, 364].find((s) => longest / s <= 6) ?? 728;
	const ticks = [];
	for (let at = 0; at <= longest; at += step) ticks.push({ at, label: String(at) });
	ticks.at(-1).label += ' days';
	return ticks;
};

/** A line through points, broken where `gap(before, here)` says so. */
export const line = (points, gap = () => false) =>
	points
		.map(([x, y], i) => `${i === 0 || gap(points[i - 1], points[i]) ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
		.join('');

/** A line of steps: each value holds until the next one. */
export const stairs = (points) =>
	points.map(([x, y], i) => (i === 0 ? `M${x.toFixed(1)} ${y.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`)).join('');

/** The area between an upper and a lower line. */
export const area = (upper, lower) =>
	upper.length ? `${line(upper)}${line([...lower].reverse()).replace('M', 'L')}Z` : '';

/** The area between two lines of steps: forward along the upper one, back along the lower one. */
export const stairsArea = (upper, lower) => {
	if (!upper.length) return '';
	const back = [...lower].reverse();
	const [x, y] = back[0];
	const way = back.slice(1).map(([px, py]) => `V${py.toFixed(1)}H${px.toFixed(1)}`);
	return `${stairs(upper)}L${x.toFixed(1)} ${y.toFixed(1)}${way.join('')}Z`;
};
