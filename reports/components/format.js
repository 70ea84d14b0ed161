// How numbers and dates are written. Dates come as text (2026-06-30), so no reader's time zone can move a day.
const MONTHS = [
	...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
	...['August', 'September', 'October', 'November', 'December']
];
const MISSING = '–';
const isMissing = (value) => value === null || value === undefined || Number.isNaN(value);

/** 7652 -> '7,652' */
export const count = (value) =>
	isMissing(value) ? MISSING : Math.round(Number(value)).toLocaleString('en-US');

/** 0.4696 -> '47%', or '47.0%' with one decimal */
export const percent = (value, decimals = 0) =>
	isMissing(value) ? MISSING : `${(Number(value) * 100).toFixed(decimals)}%`;

/** 0.449, 0.491 -> '45–49%' */
export const interval = (low, high, decimals = 0) =>
	isMissing(low) || isMissing(high)
		? 'no interval'
		: `${(Number(low) * 100).toFixed(decimals)}–${percent(high, decimals)}`;

/** '2026-06-30' -> '30 June 2026' */
export const day = (value) => {
	if (isMissing(value)) return MISSING;
	const [year, month, date] = String(value).slice(0, 10).split('-').map(Number);
	return `${date} ${MONTHS[month - 1]} ${year}`;
};

/** '2026-06-01' -> 'June 2026', or 'Jun 26' when short */
export const month = (value, short = false) => {
	if (isMissing(value)) return MISSING;
	const [year, number] = String(value).split('-').map(Number);
	const name = MONTHS[number - 1];
	return short ? `${name.slice(0, 3)} ${String(year).slice(2)}` : `${name} ${year}`;
};

/** 4 -> '4 days', 1 -> '1 day' */
export const days = (value) =>
	isMissing(value) ? MISSING : `${count(value)} ${Number(value) === 1 ? 'day' : 'days'}`;

/** 3, 'account' -> '3 accounts' */
export const plural = (value, noun) => `${count(value)} ${noun}${Number(value) === 1 ? '' : 's'}`;

/** ['a', 'b', 'c'] -> 'a, b and c' */
export const list = (words) =>
	words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** 'first_coaching_session' -> 'first coaching session' */
export const words = (code) => (isMissing(code) ? MISSING : String(code).replaceAll('_', ' '));

/** 'first_coaching_session' -> 'First coaching session' */
export const heading = (code) => words(code).replace(/^./, (letter) => letter.toUpperCase());

/** 'coaching learning_design' -> 'coaching and learning design' */
export const codes = (text) => (isMissing(text) ? '' : list(text.split(' ').map(words)));

/** 0.7234 -> '0.72' */
export const number = (value, decimals = 2) =>
	isMissing(value) ? MISSING : Number(value).toFixed(decimals).replace('-', '\u2212');

/** 0.70, 0.74 -> '0.70–0.74'; below zero '−0.10 to 0.20' */
export const range = (low, high, decimals = 2) => {
	if (isMissing(low) || isMissing(high)) return 'no interval';
	return [number(low, decimals), number(high, decimals)].join(Number(low) < 0 ? ' to ' : MISSING);
};

/** A difference of two rates in points, with its sign: -0.41 -> '−41' */
export const points = (value, decimals = 0) => {
	if (isMissing(value)) return MISSING;
	const size = number(Math.abs(Number(value)) * 100, decimals);
	return Number(size) === 0 ? size : `${Number(value) < 0 ? '\u2212' : '+'}${size}`;
};

/** 1234567 -> '1.23M', 276231.96, 'USD' -> 'USD 276k', -340.2 -> '−340': three digits */
export const money = (value, currency = '') => {
	if (isMissing(value)) return MISSING;
	const size = Math.abs(Number(value));
	const [unit, sign] = size >= 999_500 ? [1e6, 'M'] : size >= 999.5 ? [1e3, 'k'] : [1, ''];
	const scaled = size / unit;
	const decimals = sign === '' || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
	const rounded = scaled.toFixed(decimals);
	const minus = Number(value) < 0 && Number(rounded) !== 0 ? '\u2212' : '';
	return `${currency ? `${currency} ` : ''}${minus}${rounded}${sign}`;
};

/** An amount in a table: 276231.96 -> '276,232', with two decimals '276,231.96' */
export const amount = (value, decimals = 0) => {
	if (isMissing(value)) return MISSING;
	const shown = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
	return Number(value).toLocaleString('en-US', shown).replace('-', '\u2212').replace(/^\u2212(0\.?0*)$/, '$1');
};
