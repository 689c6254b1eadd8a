import { sortByPath } from './order.ts';
import type { FileTree } from './package.ts';

/** Where a path ends when links are followed the way Linux does. */
type Place = 'file' | 'folder' | 'missing' | 'outside';

/** A package's files as Lambda will see them under `/var/task`. */
export interface LinkedTree extends FileTree {
  place(path: string): Place;
}

/** As Linux: a chain of more links is taken for a circle. */
const MOST_LINKS = 40;

/** Follows `path` from the root of the package; `links` maps a link's path to its target. */
function follow(path: string, links: ReadonlyMap<string, string>): readonly string[] | 'missing' | 'outside' {
  const ahead = path.split('/');
  const at: string[] = [];
  let followed = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (part === '' || part === '.') continue;
    if (part !== '..') at.push(part);
    else if (at.pop() === undefined) return 'outside';
    const target = part === '..' ? undefined : links.get(at.join('/'));
    if (target === undefined) continue;
    if (target.startsWith('/')) return 'outside';
    if (++followed > MOST_LINKS) return 'missing';
    at.pop();
    ahead.unshift(...target.split('/'));
  }
  return at;
}

/** All folders that hold something. */
function foldersOf(paths: Iterable<string>): Set<string> {
  const folders = new Set<string>(['']);
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

/** The files and links of a package, with links followed. */
export function linkedTree(paths: readonly string[], links: ReadonlyMap<string, string>): LinkedTree {
  const names = new Set(paths);
  const folders = foldersOf(names);
  const place = (path: string): Place => {
    const end = follow(path, links);
    if (typeof end === 'string') return end;
    const name = end.join('/');
    if (folders.has(name)) return 'folder';
    return names.has(name) ? 'file' : 'missing';
  };
  return {
    files: sortByPath(Array.from(names, (path) => ({ path }))).map(({ path }) => path),
    place,
    has: (file) => place(file) === 'file',
  };
}
