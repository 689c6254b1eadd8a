/**
 * What a release stands on: that everything which states the version agrees, and the notes out of the changelog.
 *
 *   node scripts/release.ts check 1.2.3   fails with all that does not agree
 *   node scripts/release.ts notes 1.2.3   prints the section of CHANGELOG.md
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/** Every text that states the version of this action. */
export interface Sources {
  readonly packageJson: string;
  readonly packageLock: string;
  /** `src/model/version.ts`: what the user agent says. */
  readonly versionModule: string;
  readonly changelog: string;
}

/** A version as its tag names it, without the `v`: three numbers, nothing before or behind them. */
const VERSION = /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}$/;

/** The version that each source states, in the order in which problems are told; undefined where none can be read. */
export function statedVersions(sources: Omit<Sources, 'changelog'>): ReadonlyMap<string, string | undefined> {
  return new Map([
    ['package.json', versionIn(sources.packageJson)],
    ['package-lock.json', versionIn(sources.packageLock)],
    ['src/model/version.ts', /\bVERSION = '([^']*)'/.exec(sources.versionModule)?.[1]],
  ]);
}

function versionIn(json: string): string | undefined {
  return (JSON.parse(json) as { version?: string }).version;
}

/** Everything that stands in the way of a release, a sentence each; none when it can be made. */
export function releaseProblems(version: string, sources: Sources): readonly string[] {
  if (!VERSION.test(version)) return [`"${version}" is no version. Expected three numbers such as 1.2.3.`];
  const stated = [...statedVersions(sources)].filter(([, found]) => found !== version);
  const problems = stated.map(([file, found]) => `${file} says ${found ?? 'no version'}, not ${version}.`);
  return [...problems, ...changelogProblems(version, sources.changelog)];
}

function changelogProblems(version: string, changelog: string): readonly string[] {
  const section = sectionOf(version, changelog);
  if (section === undefined) return [`CHANGELOG.md has no section for ${version}.`];
  const problems = /^\d{4}-\d\d-\d\d$/.test(section.date) ? [] : [`CHANGELOG.md gives ${version} no date.`];
  return section.notes === '' ? [...problems, `CHANGELOG.md says nothing about ${version}.`] : problems;
}

/** The text of the version's section, without its heading. Throws when there is none. */
export function releaseNotes(version: string, changelog: string): string {
  const section = sectionOf(version, changelog);
  if (section === undefined) throw new Error(`CHANGELOG.md has no section for ${version}.`);
  return section.notes;
}

/** A section begins with `## [1.2.3] - 2026-01-31` and ends where the next one or the links begin. */
function sectionOf(version: string, changelog: string): { date: string; notes: string } | undefined {
  const sections = changelog.split(/^## /m);
  const found = sections.find((section) => section.startsWith(`[${version}]`));
  if (found === undefined) return undefined;
  const [heading = '', ...lines] = found.split('\n');
  const [body = ''] = lines.join('\n').split(/^\[[^\]]+\]: /m);
  return { date: heading.replace(/^\[[^\]]+\]( - )?/, ''), notes: body.trim() };
}

/** What the command line does; returns what is printed and whether all is well. */
export function run(args: readonly string[], sources: Sources): { readonly ok: boolean; readonly lines: string[] } {
  const [command, version = '', ...more] = args;
  if (more.length > 0 || (command !== 'check' && command !== 'notes')) {
    return { ok: false, lines: ['Usage: node scripts/release.ts check|notes VERSION'] };
  }
  const problems = releaseProblems(version, sources);
  if (problems.length > 0) return { ok: false, lines: [...problems] };
  return { ok: true, lines: [command === 'notes' ? releaseNotes(version, sources.changelog) : `${version} agrees.`] };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  const { ok, lines } = run(process.argv.slice(2), {
    packageJson: read('package.json'),
    packageLock: read('package-lock.json'),
    versionModule: read('src/model/version.ts'),
    changelog: read('CHANGELOG.md'),
  });
  for (const line of lines) (ok ? console.log : console.error)(line);
  process.exitCode = ok ? 0 : 1;
}
