// All that a page of an account's report does in the browser: theme, versions, choice. Without it, every number is there.
(() => {
	const root = document.documentElement;
	const KEY = 'evidence-theme';
	const NEXT = { system: 'light', light: 'dark', dark: 'system' };
	const LABEL = { system: 'Auto', light: 'Light', dark: 'Dark' };
	const MONTHS = 'January February March April May June July August September October November December'.split(' ');
	const prefersDark = matchMedia('(prefers-color-scheme: dark)');

	const kept = () => {
		try {
			const theme = localStorage.getItem(KEY);
			return theme in NEXT ? theme : 'system';
		} catch {
			return 'system';
		}
	};
	const keep = (theme) => {
		try {
			localStorage.setItem(KEY, theme);
		} catch {
			// Kept for this page only.
		}
	};
	let theme = kept();
	const paint = () => {
		const isDark = theme === 'system' ? prefersDark.matches : theme === 'dark';
		root.setAttribute('data-theme', isDark ? 'dark' : 'light');
	};
	paint();
	prefersDark.addEventListener('change', paint);

	const day = (text) => {
		const [year, month, date] = text.slice(0, 10).split('-').map(Number);
		return `${date} ${MONTHS[month - 1]} ${year}`;
	};

	const showTheme = () => {
		const button = document.querySelector('.appearance');
		const say = () => {
			button.textContent = LABEL[theme];
			button.setAttribute('aria-label', `Appearance: ${LABEL[theme]}. Change it.`);
		};
		button.addEventListener('click', () => {
			theme = NEXT[theme];
			keep(theme);
			paint();
			say();
		});
		say();
		button.hidden = false;
	};

	const showVersions = async () => {
		if (!location.protocol.startsWith('http')) return;
		const place = document.querySelector('[data-release]');
		const { release, account, file } = place.dataset;
		let known;
		try {
			const answer = await fetch(`/accounts/${encodeURIComponent(account)}/versions.json`, { cache: 'no-cache' });
			if (!answer.ok) return;
			known = await answer.json();
		} catch {
			return;
		}
		const others = known.releases.filter((other) => other.release_id !== release);
		const menu = place.querySelector('details');
		for (const other of others) {
			const item = menu.querySelector('template').content.cloneNode(true);
			item.querySelector('a').href = other.url + file;
			item.querySelector('span').textContent = day(other.as_of_date) + (other.release_id === known.latest ? ', the latest' : '');
			item.querySelector('small').textContent = `built ${day(other.created_at)}, ${other.created_at.slice(11, 16)} UTC`;
			menu.querySelector('ul').append(item);
		}
		menu.querySelector('.count').textContent = others.length;
		menu.hidden = others.length === 0;
		const latest = others.find((other) => other.release_id === known.latest);
		if (!latest) return;
		const warning = document.querySelector('.warning');
		warning.querySelector('span').textContent = day(latest.as_of_date);
		warning.querySelector('a').href = latest.url + file;
		warning.hidden = false;
	};

	// A choice shows one part and keeps itself in the address, so that what is shown can be sent as a link.
	const showChoice = (label) => {
		const name = label.dataset.choice;
		const select = label.querySelector('select');
		const parts = document.querySelectorAll(`[data-${name}]`);
		const show = () => {
			for (const part of parts) part.hidden = part.dataset[name] !== select.value;
		};
		const asked = new URLSearchParams(location.search).get(name);
		if ([...select.options].some((option) => option.value === asked)) select.value = asked;
		select.addEventListener('change', () => {
			show();
			const url = new URL(location.href);
			if (select.value === 'all') url.searchParams.delete(name);
			else url.searchParams.set(name, select.value);
			history.replaceState(null, '', url);
		});
		show();
		label.hidden = false;
	};

	document.addEventListener('DOMContentLoaded', () => {
		showTheme();
		document.querySelectorAll('[data-choice]').forEach(showChoice);
		showVersions();
	});
})();
