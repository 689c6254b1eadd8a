import type { Annotation } from '../model/log.ts';
import { type Box, boxed } from './blocks.ts';
import { escapeCode, escapeProse, plainLine, sentence } from './escape.ts';
import { pagesOf, renderLinks } from './links.ts';

/** What the `post` part of a step found of a rollout that did not come to its end, and did about it. */
export interface Rescue {
  readonly alias: string;
  /** Name or ARN. */
  readonly functionName: string;
  readonly region: string;
  /** The canary of that rollout. */
  readonly version: string;
  readonly outcome:
    /** The alias is on one version again. */
    | 'restored'
    /** It was in no rollout of this run any more. */
    | 'in-order'
    /** Somebody else has changed it: that stays. */
    | 'left'
    | 'failed';
  /** One sentence or two, outside text. */
  readonly text: string;
  /** What to do, one or two sentences; '' for nothing. */
  readonly next: string;
}

interface Look {
  readonly mark: string;
  readonly claim: string;
  readonly box: Box;
  /** What to do where nothing was named. */
  readonly next: string;
}

const AGAIN = 'Find out in the log of this step why it did not come to its end, then deploy again.';

const LOOKS: Readonly<Record<Rescue['outcome'], Look>> = {
  restored: { mark: '↩️', claim: 'was put back', box: 'WARNING', next: AGAIN },
  'in-order': { mark: '✅', claim: 'is in no rollout', box: 'NOTE', next: 'Nothing to do for the alias.' },
  left: { mark: '⚠️', claim: 'was left as somebody else made it', box: 'WARNING', next: '' },
  failed: {
    mark: '❌',
    claim: 'could not be put back',
    box: 'CAUTION',
    next: 'Look what the alias serves, and put it on one version with `command: rollback`.',
  },
};

function placeOf({ functionName, region, alias, version }: Rescue) {
  const isArn = functionName.startsWith('arn:');
  const name = functionName.replace(/^.*:/, '');
  return { functionName: name, functionArn: isArn ? functionName : undefined, region, alias, version };
}

/** The job summary of the `post` part: one short section of Markdown, as it stands below what `main` could still write. */
export function renderRescue(rescue: Rescue): string {
  const { mark, claim, box, next } = LOOKS[rescue.outcome];
  const todo = rescue.next === '' ? next : rescue.next;
  const place = placeOf(rescue);
  const lines = [
    `**Now:** ${sentence(escapeProse(rescue.text))}`,
    ...(todo === '' ? [] : [`**Next:** ${sentence(escapeProse(todo))}`]),
  ];
  const pages = renderLinks(pagesOf(place));
  const parts = [
    `## ${mark} Alias ${escapeCode(rescue.alias)} of ${escapeCode(place.functionName)} ${claim}`,
    boxed(box, lines),
    ...(pages === undefined ? [] : [pages]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/**
 * The one annotation of the `post` part, which is also its line in the log: what it did to the alias, then what was warned of
 * on the way. undefined when there is nothing to know.
 */
export function postAnnotation(rescue: Rescue | undefined, warnings: readonly string[]): Annotation | undefined {
  if (rescue !== undefined && rescue.outcome !== 'in-order') {
    const { alias, functionName, outcome, text, next } = rescue;
    const also = warnings.map((warning) => `Also: ${warning}`);
    return annotation(`Alias ${alias} of ${functionName} ${LOOKS[outcome].claim}`, [
      text,
      next === '' ? '' : `Next: ${next}`,
      ...also,
    ]);
  }
  if (warnings.length === 0) return undefined;
  return annotation(`After the step: ${warnings.length === 1 ? 'a warning' : `${warnings.length} warnings`}`, warnings);
}

function annotation(title: string, lines: readonly string[]): Annotation {
  const told = lines.filter((line) => line !== '');
  return { title: plainLine(title, 200), message: told.map((line) => sentence(plainLine(line, 4_000))).join('\n') };
}
