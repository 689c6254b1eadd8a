import { type AliasState, describeServing } from '../model/alias.ts';
import { quote } from '../model/text.ts';
import type { Marker } from '../rollout/act/marker.ts';
import { type Finding, deadlineOf, runLink, splitByOthers } from '../rollout/act/recover.ts';
import { isMoving, provisionedOf } from './moving.ts';
import { isRunOver } from './settle.ts';
import { type World, serverUrl } from './world.ts';

/** The versions of an alias: what serves alone, or the canary and what is beside it. */
export interface Serving {
  readonly version: string;
  readonly beside: string | undefined;
}

/** In a rollout its two versions, also where one of them has all traffic for the time of the bake. */
export function servingOf({ functionVersion, weights }: AliasState, finding: Finding): Serving {
  const [other] = Object.entries(weights).toSorted(([, a], [, b]) => b - a);
  if (finding.kind === 'marked' || finding.kind === 'altered') {
    const { baseline, canary } = finding.marker;
    const isOut = functionVersion === baseline && other === undefined;
    return isOut ? { version: baseline, beside: undefined } : { version: canary, beside: baseline };
  }
  return other === undefined
    ? { version: functionVersion, beside: undefined }
    : { version: other[0], beside: functionVersion };
}

/** What an alias is in, for a reader who has to decide something. */
interface Situation {
  /** One sentence. */
  readonly reason: string;
  readonly next: string;
  /** Details, a sentence each. */
  readonly notes: readonly string[];
}

interface Found {
  readonly world: World;
  readonly alias: AliasState;
  readonly finding: Finding;
}

export async function situation(name: string, { world, alias, finding }: Found): Promise<Situation> {
  const serving = `alias ${name} serves ${describeServing(alias)}`;
  const link = (marker: Marker): string => `${marker.repository}, run ${runLink(serverUrl(world), marker)}`;
  switch (finding.kind) {
    case 'clean':
      return { reason: `${serving} alone, and no rollout is in flight`, next: '', notes: described(alias.description) };
    case 'split':
      return { ...(await splitOf(name, { world, alias })), notes: described(alias.description) };
    case 'stale':
      return {
        reason: `${serving} alone; its description still holds the marker of a rollout that it is no longer in, by ${link(finding.marker)}`,
        next: 'The next deployment puts the description back.',
        notes: described(finding.marker.description),
      };
    case 'altered':
    case 'marked': {
      const { marker } = finding;
      const course = await courseOf(world, marker);
      const by = `the rollout from version ${marker.baseline} to ${marker.canary} by ${link(marker)}`;
      const alteration = finding.kind === 'altered' ? alterationOf(marker.canary, finding.marker.stamp.weight) : '';
      return {
        reason: `${serving}, in ${by}, ${course.words}${alteration}`,
        next: course.isOver ? afterwards(finding.kind, marker) : course.next,
        notes: [...described(marker.description), `The rollout's deadline is ${deadlineOf(marker)}.`],
      };
    }
  }
}

/** A split that nobody marked: Lambda's own while capacity moves, or somebody else's. */
async function splitOf(name: string, { world, alias }: Omit<Found, 'finding'>): Promise<Omit<Situation, 'notes'>> {
  const serving = `alias ${name} serves ${describeServing(alias)}`;
  if (isMoving(alias, await provisionedOf({ alias: name }, world))) {
    return {
      reason: `${serving}, as long as Lambda moves the alias' provisioned concurrency to version ${alias.functionVersion}`,
      next: 'That passes by itself; the next deployment waits for it.',
    };
  }
  const { next } = splitByOthers(name, alias);
  return { reason: `${serving}, and no rollout of this action did that`, next };
}

function described(description: string): readonly string[] {
  return description === '' ? [] : [`The description of the alias is ${quote(description)}.`];
}

function alterationOf(canary: string, weight: number): string {
  return `; somebody else has changed the split since, the rollout had version ${canary} at ${weight}%`;
}

interface Course {
  readonly words: string;
  readonly isOver: boolean;
  readonly next: string;
}

async function courseOf(world: World, marker: Marker): Promise<Course> {
  if (marker.stamp?.isHeld === true) return { words: 'which was left there on purpose', isOver: true, next: '' };
  const isOver = await isRunOver(world, marker);
  if (isOver === true) return { words: 'which is over', isOver, next: '' };
  if (isOver === false) return { words: 'which is not over', isOver, next: '' };
  const next = 'Give this job `permissions: actions: read`, so that GitHub can be asked whether that run is over.';
  return { words: 'and GitHub could not be asked whether that is over', isOver: false, next };
}

/** A deployment puts back what a dead run left, and leaves what somebody else made of it. */
function afterwards(kind: 'marked' | 'altered', { baseline, canary }: Marker): string {
  const ways = `\`command: promote\` gives version ${canary} all traffic, \`command: rollback\` version ${baseline}`;
  const otherwise = kind === 'marked' ? 'the next deployment does the latter first' : 'a deployment refuses until then';
  return `${ways}; ${otherwise}.`;
}
