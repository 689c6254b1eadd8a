/** The pictures of the demo's two runs that stand in the README. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from './browser.ts';
import { type Part, shoot } from './pictures.ts';
import { shrink } from './png.ts';

/** The runs of `npm run demo`: of the one that is rolled back what one sees first, of the other one the charts. */
const PARTS: Readonly<Record<string, Part>> = {
  broken: { to: 'Over time' },
  healthy: { from: 'Over time', to: 'Timeline' },
};

export const README_RUNS = Object.keys(PARTS);

/** CSS px; GitHub shrinks the picture to the README's width. */
const WIDTH = 860;
const SCALE = 1.5;
/** Bytes that one picture may have. */
const MOST_BYTES = 150_000;

/** Draws `build/summaries/<run>.md` to `docs/images/summary-<run>-<scheme>.png`. */
export async function drawReadme(browser: Browser, folder: string, images: string): Promise<void> {
  mkdirSync(images, { recursive: true });
  for (const [name, part] of Object.entries(PARTS)) {
    const markdown = readFileSync(join(folder, `${name}.md`), 'utf8');
    for (const scheme of ['light', 'dark'] as const) {
      const screen = { name: scheme, width: WIDTH, scale: SCALE, scheme };
      const shot = await shoot(browser, { name, markdown }, screen, { folder, part });
      const png = shrink(shot.png);
      if (png.length > MOST_BYTES) throw new Error(`${name}, ${scheme}: ${png.length} bytes, more than ${MOST_BYTES}`);
      const path = join(images, `summary-${name}-${scheme}.png`);
      writeFileSync(path, png);
      console.log(`${path}: ${png.length} bytes`);
    }
  }
}
