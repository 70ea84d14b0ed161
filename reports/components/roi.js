// Words of the page of costs and benefits: what its codes are called, and how the values of a parameter or link are written.
import { money, number, percent, points } from './format.js';

export const LINES = {
	turnover_avoided: { title: 'Turnover avoided', loss: 'More leavers', unit: 'people' },
	internal_filling: { title: 'Posts filled from within', loss: 'Fewer posts filled from within', unit: 'posts' },
	promoted_stayers_counted_once: { title: 'Stayers in such a post, counted once', unit: 'posts' },
	absence_avoided: { title: 'Absence avoided', loss: 'More absence', unit: 'hours' },
	tuition: { title: 'Tuition' },
	program_fee: { title: 'Program fees' },
	admin: { title: 'Administration' },
	travel: { title: 'Travel' },
	sme_time: { title: 'Experts’ time', unit: 'hours' },
	manager_time: { title: 'Managers’ time', unit: 'hours' },
	paid_learning_time: { title: 'Paid learning time', unit: 'hours' }
};

export const SOURCES = {
	finance_approved: 'finance approved',
	client_estimate: 'own estimate',
	benchmark: 'benchmark'
};

/** A share with a true minus below zero: -0.9 -> '−90%' */
export const share = (value, decimals = 0) =>
	percent(value, decimals).replace('-', '\u2212').replace(/^\u2212(0(\.0+)?%)$/, '$1');

/** What came back for each 1 spent: 0.084 -> '0.08' */
export const ratio = (value) => number(value).replace(/^\u2212(0\.0+)$/, '$1');

const inPoints = (value) => `${points(value, 1)} points`;

export const PARAMETERS = {
	retention_difference: { title: 'How many stayed because of it', write: inPoints },
	filling_difference: { title: 'How many posts it filled', write: inPoints },
	absence_difference: { title: 'How much absence it changed', write: (value) => `${number(value, 1)} hours` },
	turnover_cost_share_of_pay: { title: 'What a leaver costs', write: (value) => `${percent(value)} of pay` },
	external_hire_cost: { title: 'What a hire from outside costs', write: (value, currency) => money(value, currency) },
	absence_hour_cost: { title: 'What an hour of absence costs', write: (value, currency) => money(value, currency) },
	discount_rate: { title: 'Discount rate', write: (value) => percent(value, 1) }
};

export const LINKS = {
	adoption: { title: 'Adoption', what: 'of those ever eligible enrolled at some time' },
	utilization: { title: 'Utilization', what: 'of the eligible enrolled in the newest twelve months' },
	capability: { title: 'Capability', what: 'levels of skill gained, by the same assessor before and after' },
	workforce_outcomes: { title: 'Workforce outcomes', what: 'points more stayed than of comparable colleagues' },
	business_outcomes: { title: 'Business outcomes', what: 'of the employer’s own goals were reached, and verified' },
	roi: { title: 'Return on investment', what: 'net benefit, of what was spent' }
};

/** A link's value or an end of its interval: a difference of rates in points, a gain in levels, else a share. */
export const linkValue = (row, value) =>
	row.link_code === 'workforce_outcomes'
		? points(value, 1)
		: row.unit === 'share'
			? share(value, row.link_code === 'roi' ? 0 : 1)
			: number(value);

/** A caveat or reason with the names of lines in place of their codes. */
export const inWords = (text) =>
	Object.entries(LINES)
		.filter(([code]) => code.includes('_'))
		.reduce((said, [code, { title }]) => said.replaceAll(code, title.toLowerCase()), text ?? '');
