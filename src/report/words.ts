import type { AliasView, RolloutRecord } from '../model/record.ts';
import { formatElapsed } from '../model/time.ts';

/** How outside text is made safe for where the words go. */
export interface Voice {
  /** Text among the words, such as a version. */
  readonly text: (text: string) => string;
  /** A name set apart from the words around it. */
  readonly name: (text: string) => string;
}

/**
 * What a version is called in tables and legends: `canary (version 8)`. Where nothing is compared (a rollback or promotion
 * that was asked for, a first deployment) there are no parts, and the version alone is its name. Not yet escaped.
 */
export function partOf(record: RolloutRecord, side: 'baseline' | 'canary'): string {
  const version = side === 'baseline' ? record.previousVersion : record.version;
  if (version === undefined) {
    return side;
  }
  const compares = record.command === 'deploy' || record.command === 'status';
  const compared = compares && record.previousVersion !== undefined;
  return compared ? `${side} (version ${version})` : `version ${version}`;
}

/** The first line of every account of a run: `✅ Promoted: version 8 of checkout has all traffic`. */
interface Headline {
  readonly mark: string;
  readonly word: string;
  readonly claim: string;
}

function thing(record: RolloutRecord, voice: Voice): string {
  return record.functionName === '' ? 'the function' : voice.name(record.functionName);
}

function versionOf(record: RolloutRecord, version: string | undefined, voice: Voice): string {
  return version === undefined ? thing(record, voice) : `version ${voice.text(version)} of ${thing(record, voice)}`;
}

/** Percent of traffic that the record's version has, as far as is known. */
function weightNow({ aliasNow, version, timeline }: RolloutRecord): number {
  if (aliasNow === undefined || version === undefined) {
    return timeline.at(-1)?.weight ?? 0;
  }
  const { functionVersion, weights } = aliasNow;
  if (functionVersion !== version) return weights[version] ?? 0;
  return Object.values(weights).reduce((left, percent) => left - percent, 100);
}

function promoted(record: RolloutRecord, voice: Voice): Headline {
  const claim = `${versionOf(record, record.version, voice)} has all traffic`;
  if (record.previousVersion === undefined) {
    return { mark: '✅', word: 'First deployment', claim };
  }
  const isProven = record.verdict === 'pass' || record.command === 'promote';
  return { mark: '✅', word: isProven ? 'Promoted' : 'Promoted, unproven', claim };
}

/** A rollback that was asked for is a success; one that a deployment had to make is not. */
function rolledBack(record: RolloutRecord, voice: Voice): Headline {
  const asked = record.command === 'rollback';
  const back = asked ? record.version : record.previousVersion;
  // Lambda weights an alias by itself while it moves provisioned concurrency back.
  const isMoving = Object.keys(record.aliasNow?.weights ?? {}).length > 0;
  return {
    mark: asked ? '✅' : '↩️',
    word: 'Rolled back',
    claim: `${versionOf(record, back, voice)} ${isMoving ? 'is being given all traffic back' : 'has all traffic again'}`,
  };
}

function unchanged(record: RolloutRecord, voice: Voice): Headline {
  const serving = record.aliasNow?.functionVersion ?? record.previousVersion ?? record.version;
  const state = record.command === 'deploy' ? 'already runs this code' : 'already has all traffic';
  return { mark: '✅', word: 'Unchanged', claim: `${versionOf(record, serving, voice)} ${state}` };
}

/** What an alias was found to be, by somebody who only looked. */
function looked(record: RolloutRecord, voice: Voice): Headline {
  const status = { mark: '🔎', word: 'Status' };
  if (record.aliasNow === undefined) {
    return { ...status, claim: `${thing(record, voice)} has no alias ${voice.name(record.alias)}` };
  }
  const share = record.previousVersion === undefined ? 'all' : `${Number(weightNow(record).toFixed(2))}% of the`;
  return { ...status, claim: `${versionOf(record, record.version, voice)} has ${share} traffic` };
}

const ATTEMPTS: Readonly<Record<RolloutRecord['command'], string>> = {
  deploy: 'deployment',
  rollback: 'rollback',
  promote: 'promotion',
  status: 'look at the alias',
};

function attempt({ command }: RolloutRecord): string {
  return ATTEMPTS[command];
}

/** What happened, in one line of plain words. */
export function headline(record: RolloutRecord, voice: Voice): Headline {
  switch (record.result) {
    case 'promoted':
      return promoted(record, voice);
    case 'rolled-back':
      return rolledBack(record, voice);
    case 'unchanged':
      return record.command === 'status' ? looked(record, voice) : unchanged(record, voice);
    case 'planned':
      return {
        mark: '📋',
        word: 'Planned',
        claim: `what a ${attempt(record)} of ${thing(record, voice)} would do; nothing was changed`,
      };
    case 'held':
      return {
        mark: '⏸️',
        word: 'Held',
        claim: `${versionOf(record, record.version, voice)} stays at ${weightNow(record)}% of the traffic`,
      };
    case 'failed':
      return { mark: '❌', word: 'Failed', claim: `the ${attempt(record)} of ${thing(record, voice)} did not finish` };
  }
}

function shares({ functionVersion, weights }: AliasView, { text }: Voice): string {
  const others = Object.entries(weights).filter(([, percent]) => percent > 0);
  if (others.length === 0) {
    return `version ${text(functionVersion)} with all traffic`;
  }
  const rest = others.reduce((left, [, percent]) => left - percent, 100);
  return [[functionVersion, rest] as const, ...others]
    .map(([version, percent]) => `version ${text(version)} with ${Number(percent.toFixed(2))}%`)
    .join(' and ');
}

/** What callers of the alias get now: as read back, or what is known without that. */
export function aliasSentence(record: RolloutRecord, voice: Voice): string {
  const alias = voice.name(record.alias);
  if (record.aliasNow !== undefined) {
    return `Alias ${alias} serves ${shares(record.aliasNow, voice)}.`;
  }
  if (record.command === 'status')
    return record.result === 'failed' ? 'Nothing was changed.' : 'Nobody can call it yet.';
  return record.shiftedAt === undefined
    ? 'No traffic was shifted.'
    : `Alias ${alias} could not be read: check which version it serves.`;
}

/** Time since the first shift, `before` for what came earlier. */
export function elapsed(at: number, record: RolloutRecord): string {
  const since = record.shiftedAt ?? record.startedAt;
  return at < since ? 'before' : formatElapsed(at - since);
}
