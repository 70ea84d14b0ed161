// Writes the pages and files of every account: plain HTML, complete before any script runs.
import { cpSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toCsv } from '$lib/csv.js';
import Frame from './Frame.svelte';
import Journey from './pages/Journey.svelte';
import Outcomes from './pages/Outcomes.svelte';
import Overview from './pages/Overview.svelte';
import Return from './pages/Return.svelte';
import Trust from './pages/Trust.svelte';
import Words from './pages/Words.svelte';

const PAGES = [
	{
		file: 'index.html',
		label: 'Overview',
		title: 'Is the partnership working?',
		component: Overview,
		tables: ['account_profile', 'account_journey', 'account_outcomes', 'account_return', 'account_voice']
	},
	{
		file: 'where-do-we-lose-learners.html',
		title: 'Where do we lose learners?',
		component: Journey,
		tables: ['account_journey']
	},
	{
		file: 'do-people-stay-move-and-get-promoted-more.html',
		title: 'Do people stay, move and get promoted more?',
		component: Outcomes,
		tables: ['account_outcomes']
	},
	{
		file: 'what-came-back-for-the-money.html',
		title: 'What came back for the money?',
		component: Return,
		tables: ['account_return', 'account_return_lines']
	},
	{
		file: 'what-do-these-words-mean.html',
		title: 'What do these words mean?',
		component: Words,
		tables: ['account_words']
	},
	{
		file: 'can-i-trust-this.html',
		title: 'Can I trust this?',
		component: Trust,
		tables: ['account_trust', 'account_journey']
	}
].map((page) => ({ label: page.title, ...page }));

const document = ({ head, html }, stylesheet) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="assets/${stylesheet}">
<script src="report.js"></script>
${head}
</head>
<body>
${html}
</body>
</html>
`;

/** Give a folder the files of another, by hard links. */
const share = (from, to) => {
	mkdirSync(to, { recursive: true });
	for (const entry of readdirSync(from, { withFileTypes: true }))
		if (entry.isDirectory()) share(join(from, entry.name), join(to, entry.name));
		else linkSync(join(from, entry.name), join(to, entry.name));
};

/**
 * Write the reports.
 *
 * @param asked { release, folder, columns: { table: [names] }, accounts: [{ account_id, tables: { name: rows } }] }
 * @param shared the folder of the files that all of them have
 */
export const render = ({ release, folder, columns, accounts }, shared) => {
	const stylesheet = readdirSync(join(shared, 'assets')).find((name) => name.endsWith('.css'));
	const common = join(folder, '.shared');
	cpSync(shared, common, { recursive: true });
	for (const { account_id, tables } of accounts) {
		const site = join(folder, account_id, 'site');
		share(common, site);
		for (const page of PAGES) {
			const rendered = Frame.render({ page, pages: PAGES, release, tables });
			writeFileSync(join(site, page.file), document(rendered, stylesheet));
		}
		for (const [name, rows] of Object.entries(tables))
			writeFileSync(join(site, `${name}.csv`), toCsv(rows, columns[name]));
	}
	rmSync(common, { recursive: true });
};
