import { quote } from '../model/text.ts';
import type { FileTree } from './package.ts';
import { quoteSome } from './text.ts';

/** What would satisfy a handler. */
export interface Wanted {
  /** Files that people mean by it; the first is the usual one. */
  readonly files: readonly string[];
  /** Whether the runtime would find it in one of the rarer places. */
  elsewhere(tree: FileTree): boolean;
  /** The part of the handler behind the file, with its dot: `.handler`. */
  readonly suffix: string;
}

/** What was found in place of the handler's file, as the end of a sentence, and what to do about it. */
interface NearMiss {
  readonly found: string;
  readonly next: string;
}

/** Endings that the build would have turned into the file. */
const SOURCES = ['.ts', '.mts', '.cts', '.tsx'];
/** Folders of other people's code, where every name can be found. */
const DEPENDENCIES = /(^|\/)(node_modules|site-packages|\.pnpm)\//;

/** Looks for the usual reasons why a handler's file is missing, the commonest first. */
export function nearMiss(tree: FileTree, handler: string, wanted: Wanted): NearMiss {
  const own = tree.files.filter((file) => !DEPENDENCIES.test(file));
  return (
    wrongFolder(own, wanted) ??
    sourceOnly(own, wanted) ??
    wrongCase(own, wanted) ?? {
      found: `; at its top are ${quoteSome(topOf(tree.files), 5)}`,
      next: `Check that artifact is the folder or zip that the build made for this function, or correct the function's Handler (now ${quote(handler)}).`,
    }
  );
}

/** Everything sits in a folder too deep, or not deep enough. */
function wrongFolder(own: readonly string[], wanted: Wanted): NearMiss | undefined {
  const deeper = shallowest(own.filter((file) => wanted.files.some((want) => file.endsWith(`/${want}`))));
  if (deeper !== undefined) {
    const want = wanted.files.find((file) => deeper.endsWith(`/${file}`)) ?? deeper;
    const folder = deeper.slice(0, -want.length - 1);
    return {
      found: `; it is in the folder ${quote(folder)}, as ${quote(deeper)}`,
      next: useInner(folder, deeper, wanted),
    };
  }
  const higher = shallowest(own.filter((file) => wanted.files.some((want) => want.endsWith(`/${file}`))));
  if (higher === undefined) return undefined;
  return {
    found: `; it is further up, as ${quote(higher)}`,
    next: `Package the folder above, or set the function's Handler to ${quote(handlerFor(higher, wanted))}.`,
  };
}

function useInner(folder: string, file: string, wanted: Wanted): string {
  return `Package what is in ${quote(folder)} instead of the folder itself, or set the function's Handler to ${quote(handlerFor(file, wanted))}.`;
}

function handlerFor(file: string, { suffix }: Wanted): string {
  return file.replace(/\.[^./]+$/, '') + suffix;
}

function shallowest(files: readonly string[]): string | undefined {
  const depth = (file: string): number => file.split('/').length;
  return files.toSorted((a, b) => depth(a) - depth(b) || a.length - b.length)[0];
}

function sourceOnly(own: readonly string[], wanted: Wanted): NearMiss | undefined {
  const [first] = wanted.files;
  if (!first?.endsWith('.js')) return undefined;
  const stem = first.slice(0, -'.js'.length);
  const source = shallowest(own.filter((file) => SOURCES.some((end) => `/${file}`.endsWith(`/${stem}${end}`))));
  if (source === undefined) return undefined;
  return {
    found: `; only its TypeScript source is there, as ${quote(source)}`,
    next: 'Compile before this step, and set artifact to the folder that the compiler writes to.',
  };
}

function wrongCase(own: readonly string[], wanted: Wanted): NearMiss | undefined {
  const lower = new Set(wanted.files.map((file) => file.toLowerCase()));
  const file = own.find((name) => lower.has(name.toLowerCase()));
  if (file === undefined) return undefined;
  return {
    found: `; ${quote(file)} is there, but Lambda tells capital letters from small ones`,
    next: `Rename the file, or set the function's Handler to ${quote(handlerFor(file, wanted))}.`,
  };
}

/** Names at the top of the package, each once. */
function topOf(files: readonly string[]): string[] {
  return [...new Set(files.map((file) => file.split('/', 1)[0] ?? file))];
}
