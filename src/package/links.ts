import { quote } from '../model/text.ts';
import type { LinkedTree } from './tree.ts';
import { count } from './text.ts';

/** A symbolic link and what it says. */
export interface Link {
  readonly path: string;
  readonly target: string;
}

/** Links that leave the package, and links that lead to nothing in it. */
export function sortOutLinks(links: readonly Link[], tree: LinkedTree): { outside: Link[]; dangling: Link[] } {
  const at = (place: string): Link[] => links.filter(({ path }) => tree.place(path) === place);
  return { outside: at('outside'), dangling: at('missing') };
}

/** A sentence on links that lead to nothing; undefined when there are none. */
export function danglingWarning(dangling: readonly Link[]): string | undefined {
  if (dangling.length === 0) return undefined;
  const shown = dangling.slice(0, 3).map(showLink).join(', ');
  const more = dangling.length > 3 ? ` and ${String(dangling.length - 3)} more` : '';
  const verb = dangling.length === 1 ? 'points' : 'point';
  return `${count(dangling.length, 'symbolic link')} of the package ${verb} to something that is not in it: ${shown}${more}.`;
}

export function showLink({ path, target }: Link): string {
  return `${quote(path)} → ${quote(target)}`;
}
