import { markdownTable } from 'markdown-table';
import { formatEvidence, formatRate } from '../../src/model/format.ts';
import { formatElapsed } from '../../src/model/time.ts';
import { type Counts, errorRate } from '../../src/model/traffic.ts';
import { SUSPICION_GATE, type Judgement, type JudgeSettings } from '../../src/model/verdict.ts';
import { plainLine } from '../../src/report/escape.ts';
import type { Look } from './rejudge.ts';
import type { Told } from './report.ts';

/** Longest text out of a report in one line, characters. */
const LONGEST = 500;

/** How sure it is that nothing got worse by its margin: that of the metric of which it is least sure. */
function assuranceOf({ assurances }: Judgement): number {
  return Math.min(...assurances.map(({ evidence }) => evidence));
}

/** One judgement as a line of JSON. What begins with `log` is the natural log of an e-value; ln 20 of assurance passes. */
export function renderJsonLine({ index, judgement }: Look): string {
  const { verdict, evidence, suspicion, missing, reason } = judgement;
  return JSON.stringify({
    minute: index,
    verdict,
    evidence: formatEvidence(evidence),
    logEvidence: evidence,
    logSuspicion: suspicion,
    logAssurance: assuranceOf(judgement),
    missing,
    reason,
  });
}

function countsCell(counts: Counts): string {
  const { errors, invocations } = counts;
  return invocations === 0 ? 'no traffic' : `${errors}/${invocations} (${formatRate(errorRate(counts))})`;
}

const HEADER = ['minute', 'judged', 'weight', 'canary', 'baseline', 'evidence', 'suspicion', 'for a pass', 'verdict'];
const ALIGN = ['r', 'r', 'r', 'r', 'r', 'r', 'r', 'r', 'l'];

function rowOf({ index, minute, at, weight, judgement }: Look, { recording }: Told): string[] {
  return [
    String(index),
    formatElapsed(at - recording.shiftedAt),
    weight === undefined ? '–' : `${weight}%`,
    countsCell(minute.canary),
    countsCell(minute.baseline),
    formatEvidence(judgement.evidence),
    formatEvidence(judgement.suspicion),
    formatEvidence(assuranceOf(judgement)),
    judgement.verdict,
  ];
}

function settingsWords({ alpha, errorTolerance, passMargin, maxErrorRate, minInvocations }: JudgeSettings): string {
  const percent = (fraction: number): string => `${Number((fraction * 100).toPrecision(6))}%`;
  const most = maxErrorRate === undefined ? '' : `, max-error-rate ${percent(maxErrorRate)}`;
  const rates = `error-tolerance ${percent(errorTolerance)}, pass-margin ${percent(passMargin)}${most}`;
  return `confidence ${percent(1 - alpha)}, ${rates}, min-invocations ${minInvocations}`;
}

/** What is judged and by what, and what a replay cannot know. */
function preface({ functionName, version, recording }: Told): string[] {
  const name = plainLine(version === undefined ? functionName : `version ${version} of ${functionName}`, LONGEST);
  const { minutes, settings } = recording;
  const others = settings.metrics.map((metric) => plainLine(metric.name, LONGEST));
  return [
    `Judging ${name} again: ${minutes.length} ${minutes.length === 1 ? 'minute' : 'minutes'}, ${settingsWords(settings)}.`,
    ...(others.length === 0 ? [] : [`Compared besides the error rate: ${others.join(', ')}.`]),
    'The traffic is split as it was then, whatever would have been decided here. Alarms, limits of metrics and',
    'provisioned concurrency are not in a report and not judged again.',
  ];
}

/** Whether the rollout would have taken traffic from the canary, as its driver decides it. */
function isIsolated({ weight = 100, judgement: { verdict, suspicion, probeWeight } }: Look): boolean {
  return verdict !== 'fail' && weight < 100 && suspicion >= SUSPICION_GATE && probeWeight !== undefined && weight > 1;
}

/** `in quarantine after minute 1 (+03:00)`, in the order of time. */
function findings(looks: readonly Look[], { recording }: Told): readonly string[] {
  const turns = [
    { what: 'in quarantine', look: looks.find(isIsolated) },
    { what: 'passed', look: looks.find(({ judgement }) => judgement.verdict === 'pass') },
    { what: 'rolled back', look: looks.find(({ judgement }) => judgement.verdict === 'fail') },
  ];
  return turns
    .flatMap(({ what, look }) => (look === undefined ? [] : [{ what, look }]))
    .toSorted((a, b) => a.look.index - b.look.index)
    .map(({ what, look }) => {
      const why = look.judgement.verdict === 'fail' ? `: ${plainLine(look.judgement.reason, LONGEST)}` : '';
      return `${what} after minute ${look.index} (${formatElapsed(look.at - recording.shiftedAt)})${why}`;
    });
}

const TURNS: Readonly<Record<string, string>> = {
  quarantine: 'in quarantine',
  promote: 'promoted',
  bake: 'promoted',
  'roll-back': 'rolled back',
};

/** What the timeline tells of the same turns. */
function history({ timeline, recording, result, reason }: Told): string {
  const turns = timeline.flatMap(({ at, event }) => {
    const what = TURNS[event];
    return what === undefined ? [] : [`${what} at ${formatElapsed(at - recording.shiftedAt)}`];
  });
  const end = plainLine(turns.length === 0 ? `${result}: ${reason}` : turns.join(', '), LONGEST);
  return `In fact: ${end}.`;
}

/** The answer, as one line: what this judge would have done and when, and what was done. */
function answer(looks: readonly Look[], told: Told): string {
  const isOver = looks.some(({ judgement }) => judgement.verdict === 'fail');
  const end = looks.slice(-1).map(({ judgement: { verdict, reason } }) => {
    return `not rolled back, and ${verdict} in the end: ${plainLine(reason, LONGEST)}`;
  });
  const turns = [...findings(looks, told), ...(isOver ? [] : end)];
  return `With these settings: ${turns.join(', then ')}. ${history(told)}`;
}

/** Everything a reader sees of a replayed report: up to the minute in which this judge would have rolled back. */
export function renderReplay(told: Told, looks: readonly Look[]): readonly string[] {
  const table = markdownTable([HEADER, ...looks.map((look) => rowOf(look, told))], { align: ALIGN });
  return [...preface(told), '', ...table.split('\n'), '', answer(looks, told)];
}
