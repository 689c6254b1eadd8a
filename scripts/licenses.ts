import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A module in the bundler's statistics; concatenated ones hold others. */
interface BundledModule {
  readonly name?: string;
  readonly modules?: readonly BundledModule[];
}

/** What the bundler says of a build (`ncc --stats-out`). */
interface BundleStats {
  readonly modules: readonly BundledModule[];
}

/** Folders of the packages that are in the bundle, sorted. */
export function bundledPackages(stats: BundleStats): readonly string[] {
  const names = stats.modules.flatMap(namesOf);
  const folders = names.flatMap((name) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? []);
  return [...new Set(folders.map((folder) => folder.slice(folder.indexOf('node_modules/'))))].sort();
}

function namesOf({ name = '', modules = [] }: BundledModule): readonly string[] {
  return [name, ...modules.flatMap(namesOf)];
}

/** Name, version, licence and the text of it, for each package. Throws when one does not say its licence. */
export function renderLicenses(root: string, folders: readonly string[]): string {
  return folders.map((folder) => renderLicense(join(root, folder))).join('\n');
}

function renderLicense(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string | undefined
  >;
  if (name === undefined || license === undefined) throw new Error(`${folder} does not say its name and licence`);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  return `${name} ${version ?? ''}\n${license}\n${text}`;
}

export function readStats(path: string): BundleStats {
  if (!existsSync(path)) throw new Error(`the bundler wrote no statistics to ${path}`);
  return JSON.parse(readFileSync(path, 'utf8')) as BundleStats;
}
