import { escapeCode, escapeText, sentence } from './escape.ts';

/** What the `post` part of a step found of a rollout that did not come to its end, and did about it. */
export interface Rescue {
  readonly alias: string;
  readonly functionName: string;
  readonly outcome:
    /** The alias is on one version again. */
    | 'restored'
    /** It was in no rollout of this run any more. */
    | 'in-order'
    /** Somebody else has changed it: that stays. */
    | 'left'
    | 'failed';
  /** One sentence, outside text. */
  readonly text: string;
  /** What to do, one or two sentences; '' for nothing. */
  readonly next: string;
}

const TITLES: Readonly<Record<Rescue['outcome'], readonly [mark: string, claim: string]>> = {
  restored: ['↩️', 'was put back'],
  'in-order': ['✅', 'is in no rollout'],
  left: ['⚠️', 'was left as somebody else made it'],
  failed: ['❌', 'could not be put back'],
};

/** The job summary of the `post` part: one short section of Markdown, as it stands below what `main` could still write. */
export function renderRescue({ alias, functionName, outcome, text, next }: Rescue): string {
  const [mark, claim] = TITLES[outcome];
  const parts = [
    `## ${mark} Alias ${escapeCode(alias)} of ${escapeCode(functionName)} ${claim}`,
    sentence(escapeText(text)),
    ...(next === '' ? [] : [`**Next:** ${escapeText(next)}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}
