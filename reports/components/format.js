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
