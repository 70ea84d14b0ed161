// The roles of the stakeholder chain, and what is said of the links between them.
import { number, range } from './format.js';

const ROLES = {
	participant: 'Participants',
	manager: 'Managers',
	program_owner: 'Program owners',
	hr_leader: 'HR leaders',
	executive_sponsor: 'Executive sponsors'
};
const VERDICTS = {
	supported: 'carries on',
	reversed: 'runs against it',
	no_link_found: 'no link found',
	too_little_data: 'too little data'
};

/** 'hr_leader' -> 'HR leaders' */
export const role = (code) => ROLES[code] ?? code;

/** 'program_owner' -> 'program owners', in a sentence; 'hr_leader' stays 'HR leaders' */
export const roleWord = (code) => role(code).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());

export const verdict = (link) => VERDICTS[link.verdict] ?? link.verdict;

/** 66.4, 64.2, 68.6 -> '66 (64–69)' */
export const score = (value, low, high, decimals = 0) =>
	value === null || value === undefined
		? '–'
		: `${number(value, decimals)}${low === null || low === undefined ? '' : ` (${range(low, high, decimals)})`}`;

/** Why no score of a role is shown. */
export const keptBack = (row) =>
	row.is_suppressed ? `kept back: ${row.suppression_reason}` : row.is_supplied ? 'nobody answered' : 'no answers were supplied';

/** Runs of months that pass the test, as [from, to] of their places: bands of a picture. */
export const runs = (points, test) =>
	points.reduce((found, point) => {
		const last = found.at(-1);
		if (!test(point)) return found;
		if (last && last[1] === point.at - 1) last[1] = point.at;
		else found.push([point.at, point.at]);
		return found;
	}, []);
