/**
 * Every kind of job summary, to look at: plays whole runs of the built action against the simulator, writes their Markdown,
 * and, where there is a Chromium, draws them as GitHub does: light and dark, wide and on a telephone. Fails on whatever
 * Mermaid refuses, GitHub would take out, or is wider than the screen.
 *
 *   npm run summaries                     # everything, to build/summaries
 *   npm run summaries -- broken status    # some of the runs
 *   npm run summaries -- --no-pictures    # the Markdown alone
 *   npm run summaries -- --readme         # makes the pictures of the README anew
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Browser, findChromium, startBrowser } from './preview/browser.ts';
import { SCREENS, type Summary, shoot } from './preview/pictures.ts';
import { PLAY_NAMES, playSummary } from './preview/plays.ts';
import { README_RUNS, drawReadme } from './preview/readme.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'build', 'summaries');
/** An older version than the newest; see preview/package.json. */
const OLDER = join(ROOT, 'scripts', 'preview', 'node_modules', 'mermaid', 'dist', 'mermaid.min.js');
/** GitHub cuts none off that is shorter; ours promise this for six hours and six metrics. */
const MOST_BYTES = 200_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'no-pictures': { type: 'boolean' }, readme: { type: 'boolean' } },
});

function write(name: string, content: string | Buffer): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, name), content);
}

/** Draws one summary on every screen, and once with the older Mermaid; returns what is wrong. */
async function draw(browser: Browser, summary: Summary): Promise<string[]> {
  const wrong: string[] = [];
  for (const screen of SCREENS) {
    const shot = await shoot(browser, summary, screen, { folder: FOLDER });
    write(`${summary.name}.${screen.name}.png`, shot.png);
    wrong.push(...shot.wrong.map((what) => `${screen.name}: ${what}`));
  }
  const [screen] = SCREENS;
  if (screen !== undefined && existsSync(OLDER)) {
    const mermaid = readFileSync(OLDER, 'utf8');
    const shot = await shoot(browser, summary, screen, { folder: join(FOLDER, 'older-mermaid'), mermaid });
    write(join('older-mermaid', `${summary.name}.png`), shot.png);
    wrong.push(...shot.wrong.map((what) => `older Mermaid: ${what}`));
  }
  return wrong;
}

async function show(browser: Browser | undefined, name: string): Promise<boolean> {
  const summary = await playSummary(name);
  write(`${name}.md`, summary.markdown);
  const bytes = Buffer.byteLength(summary.markdown);
  const wrong = browser === undefined ? [] : await draw(browser, summary);
  if (bytes > MOST_BYTES) wrong.push(`${bytes} bytes, more than ${MOST_BYTES}`);
  const [title = ''] = summary.markdown.split('\n');
  console.log(
    `${wrong.length === 0 ? 'ok    ' : 'WRONG '} ${name.padEnd(20)} ${String(bytes).padStart(7)} B  ${title}`,
  );
  for (const what of wrong) console.log(`         ${what}`);
  return wrong.length === 0;
}

async function openBrowser(): Promise<Browser | undefined> {
  if (values['no-pictures'] === true) return undefined;
  const program = findChromium();
  if (program === undefined) {
    console.log('skipped the pictures: there is no Chromium (on the PATH, or at $CHROMIUM)');
    return undefined;
  }
  if (!existsSync(OLDER)) console.log('skipped an older Mermaid: npm ci --prefix scripts/preview installs it');
  return startBrowser(program);
}

const browser = await openBrowser();
try {
  const isReadme = values.readme === true;
  const names = positionals.length > 0 ? positionals : isReadme ? README_RUNS : PLAY_NAMES;
  let isFine = true;
  for (const name of names) isFine = (await show(browser, name)) && isFine;
  if (isReadme && browser !== undefined) await drawReadme(browser, FOLDER, join(ROOT, 'docs', 'images'));
  console.log(`${names.length} summaries in ${relative(process.cwd(), FOLDER)}`);
  process.exitCode = isFine ? 0 : 1;
} finally {
  await browser?.close();
}
