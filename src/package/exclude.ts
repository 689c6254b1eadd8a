import picomatch from 'picomatch';
import type { InputIssue } from '../model/failure.ts';
import { quote } from '../model/text.ts';
import { why } from './text.ts';

/** Decides what a package leaves out. */
export interface Exclusion {
  /** Whether a file, a link or a folder (with everything below it) is left out. `path` is relative to the directory. */
  leavesOut(path: string, isFolder: boolean): boolean;
  /** Patterns that have matched nothing so far. */
  unused(): readonly string[];
}

type Compiled =
  { readonly ok: true; readonly exclusion: Exclusion } | { readonly ok: false; readonly issues: InputIssue[] };

type Rule = (path: string, isFolder: boolean) => boolean;

const EXPECTED = 'a glob relative to the directory, such as **/*.map, test/ or /README.md';

/**
 * Compiles `exclude`, by the rules of .gitignore: a pattern without a slash matches a name at any depth, a leading `/`
 * or `./` or a slash inside ties it to the directory's root, and a slash at the end matches folders only. Names that
 * begin with a dot are matched like others. There is no negation.
 */
export function compileExclusion(patterns: readonly string[]): Compiled {
  const issues: InputIssue[] = [];
  const rules = patterns.map((pattern): { pattern: string; rule: Rule } => {
    const rule = compileRule(pattern);
    if (typeof rule !== 'string') return { pattern, rule };
    issues.push({ input: 'exclude', problem: `${quote(pattern)} ${rule}`, expected: EXPECTED });
    return { pattern, rule: () => false };
  });
  return issues.length > 0 ? { ok: false, issues } : { ok: true, exclusion: exclusionOf(rules) };
}

function exclusionOf(rules: readonly { readonly pattern: string; readonly rule: Rule }[]): Exclusion {
  const unused = new Set(rules.map(({ pattern }) => pattern));
  return {
    leavesOut(path, isFolder) {
      const matching = rules.filter(({ rule }) => rule(path, isFolder));
      for (const { pattern } of matching) unused.delete(pattern);
      return matching.length > 0;
    },
    unused: () => [...unused],
  };
}

/** The rule of one pattern, or what is wrong with it. */
function compileRule(pattern: string): Rule | string {
  if (/^!(?!\()/.test(pattern)) return 'is a negation, and what is left out cannot be taken back in';
  const anchored = pattern.replace(/^(\.?\/)+/, '');
  const glob = anchored.replace(/\/+$/, '');
  if (glob.trim() === '' || glob === '.') return 'names nothing inside the directory';
  if (glob.split('/').includes('..')) return 'points outside the directory';
  const foldersOnly = glob !== anchored;
  const byName = glob === pattern.replace(/\/+$/, '') && !glob.includes('/');
  try {
    const matches = picomatch(glob, { dot: true, nonegate: true, strictBrackets: true });
    return (path, isFolder) => {
      if (foldersOnly && !isFolder) return false;
      return matches(byName ? path.slice(path.lastIndexOf('/') + 1) : path);
    };
  } catch (error) {
    return `is not a glob: ${why(error)}`;
  }
}
