/** Pictures of job summaries, as GitHub shows them, and what is wrong with them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderHtml } from '../../simulator/render-html.ts';
import type { Browser, Page } from './browser.ts';

/** A screen: what GitHub's page of a run leaves for the summary, and a telephone. */
export interface Screen {
  readonly name: string;
  /** CSS px. */
  readonly width: number;
  readonly scale: number;
  readonly scheme: 'light' | 'dark';
}

export const SCREENS: readonly Screen[] = [
  { name: 'wide-light', width: 1012, scale: 1, scheme: 'light' },
  { name: 'wide-dark', width: 1012, scale: 1, scheme: 'dark' },
  { name: 'narrow-light', width: 375, scale: 2, scheme: 'light' },
  { name: 'narrow-dark', width: 375, scale: 2, scheme: 'dark' },
];

/** What the page's own script says when it has drawn everything. */
interface Drawn {
  readonly diagrams: number;
  /** Diagrams that Mermaid refused, in its words. */
  readonly errors: readonly string[];
  /** What GitHub would take out of the HTML. */
  readonly dropped: readonly string[];
  /** CSS px by which the page is wider than the screen. */
  readonly overhang: number;
  readonly height: number;
}

export interface Summary {
  readonly name: string;
  readonly markdown: string;
}

async function show(page: Page, url: string, { width, scale, scheme }: Screen): Promise<Drawn> {
  const size = { width, height: 800, deviceScaleFactor: scale, mobile: false };
  await page.send('Emulation.setDeviceMetricsOverride', size);
  await page.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  const loaded = page.next('Page.loadEventFired');
  await page.send('Page.navigate', { url });
  await loaded;
  return (await page.evaluate('window.drawn')) as Drawn;
}

/** A part of the page, between two headings; all of it where neither is given. */
export interface Part {
  readonly from?: string;
  readonly to?: string;
}

/** Space that is left above a heading, CSS px. */
const MARGIN = 8;

/** Where a part begins and ends, CSS px. */
async function boundsOf(page: Page, { from, to }: Part, height: number): Promise<readonly [number, number]> {
  const headings =
    "[...document.querySelectorAll('h2, h3')].map((one) => [one.textContent, one.getBoundingClientRect().top])";
  const tops = new Map((await page.evaluate(headings)) as readonly (readonly [string, number])[]);
  const at = (heading: string | undefined, otherwise: number): number => {
    const top = heading === undefined ? undefined : tops.get(heading);
    if (heading !== undefined && top === undefined) throw new Error(`there is no heading "${heading}"`);
    return top === undefined ? otherwise : Math.floor(top) - MARGIN;
  };
  return [at(from, 0), at(to, height)];
}

/** The page, or a part of it, as a PNG. */
async function capture(page: Page, screen: Screen, [begin, end]: readonly [number, number]): Promise<Buffer> {
  const clip = { x: 0, y: begin, width: screen.width, height: end - begin, scale: 1 };
  const taken = await page.send('Page.captureScreenshot', { format: 'png', clip, captureBeyondViewport: true });
  return Buffer.from((taken as { data: string }).data, 'base64');
}

function complaints({ errors, dropped, overhang }: Drawn): readonly string[] {
  return [
    ...errors.map((error) => `Mermaid: ${error}`),
    ...dropped.map((what) => `GitHub would take out ${what}`),
    ...(overhang > 0 ? [`${overhang} px wider than the screen`] : []),
  ];
}

export interface Shot {
  readonly png: Buffer;
  readonly diagrams: number;
  /** What is wrong with it, in words. */
  readonly wrong: readonly string[];
}

/** Draws one summary on one screen. `folder` keeps the page; `mermaid` is the file of another version than the newest. */
export async function shoot(
  { page }: Browser,
  { name, markdown }: Summary,
  screen: Screen,
  { folder, mermaid, part = {} }: { folder: string; mermaid?: string | undefined; part?: Part },
): Promise<Shot> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.html`);
  writeFileSync(path, renderHtml(markdown, `Job summary: ${name}`, mermaid));
  const drawn = await show(page, pathToFileURL(path).href, screen);
  const png = await capture(page, screen, await boundsOf(page, part, drawn.height));
  return { png, diagrams: drawn.diagrams, wrong: complaints(drawn) };
}
