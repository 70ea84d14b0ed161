// Builds the pages of the accounts' reports once, then writes those of every account: `node build.js <work folder>` reads
// what to write from asked.json in that folder, as render.js describes it.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from 'tailwindcss';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const work = resolve(process.argv[2]);
const built = join(work, 'built');
const shared = join(work, 'shared');

await build({
	configFile: false,
	root: here,
	logLevel: 'warn',
	// The roles that tables repeat are for browsers that forget them once a phone's layout makes blocks of the rows.
	plugins: [
		svelte({
			configFile: false,
			onwarn: (warning, say) => warning.code === 'a11y-no-redundant-roles' || say(warning)
		})
	],
	resolve: {
		alias: {
			$lib: join(here, '../components'),
			'@evidence-dev/sdk/usql': join(here, 'evidence.js'),
			'@evidence-dev/sdk/utils/svelte': join(here, 'evidence.js')
		}
	},
	// Of Tailwind only its base: our own components use none of its classes.
	css: { postcss: { plugins: [tailwindcss({ content: [{ raw: '' }] })] } },
	build: {
		ssr: join(here, 'render.js'),
		ssrEmitAssets: true,
		cssCodeSplit: false,
		assetsInlineLimit: 0,
		outDir: built
	}
});
cpSync(join(built, 'assets'), join(shared, 'assets'), { recursive: true });
// The stylesheet finds its fonts beside itself, wherever a report lies; a build for the server writes them from the root.
for (const name of readdirSync(join(shared, 'assets')).filter((each) => each.endsWith('.css'))) {
	const sheet = join(shared, 'assets', name);
	writeFileSync(sheet, readFileSync(sheet, 'utf8').replaceAll('/assets/', ''));
}
cpSync(join(here, 'report.js'), join(shared, 'report.js'));
cpSync(join(here, '../static/icon.svg'), join(shared, 'icon.svg'));
const { render } = await import(pathToFileURL(join(built, 'render.js')));
render(JSON.parse(readFileSync(join(work, 'asked.json'), 'utf8')), shared);
