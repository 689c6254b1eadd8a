import { type Fields, readFields } from '../../src/inputs/schema.ts';
import { formatIssue } from '../../src/model/failure.ts';
import type { Metric } from '../../src/model/metric.ts';
import { INPUT_DEFAULTS } from '../../src/model/names.ts';
import type { JudgeSettings } from '../../src/model/verdict.ts';
import type { Reading } from './recording.ts';

/** The inputs of the action that a replay can set anew: those that say how to judge, not what to measure. */
export const OPTION_NAMES = [
  'confidence',
  'error-tolerance',
  'pass-margin',
  'max-error-rate',
  'latency-tolerance',
  'min-invocations',
] as const;

export type OptionName = (typeof OPTION_NAMES)[number];

/** What was given on the command line, understood as the action would; all else has the action's default. */
export interface Options {
  readonly values: Pick<Fields, OptionName>;
  readonly given: ReadonlySet<OptionName>;
}

/** Reads options by the rules of the inputs whose names they have. */
export function readOptions(texts: ReadonlyMap<OptionName, string>): Reading<Options> {
  const trimmed = [...texts].map(([name, text]) => [name, text.trim()] as const);
  const { known, issues } = readFields({ ...INPUT_DEFAULTS, ...Object.fromEntries(trimmed) });
  // What else a deployment needs, a function above all, is not asked for here.
  const problems = issues.filter(({ input }) => (OPTION_NAMES as readonly string[]).includes(input));
  if (problems.length > 0) return { problems: problems.map((issue) => `--${formatIssue(issue)}`) };
  return { value: { values: known as Pick<Fields, OptionName>, given: new Set(texts.keys()) } };
}

/** The action's defaults, for counts that come without settings. */
export function settingsOf({ values }: Options): JudgeSettings {
  return {
    alpha: 1 - values.confidence,
    errorTolerance: values['error-tolerance'],
    maxErrorRate: values['max-error-rate'],
    passMargin: values['pass-margin'],
    minInvocations: values['min-invocations'],
    metrics: [],
    splits: true,
    bakes: false,
  };
}

/** The recorded settings with what was given in their place. A metric's own tolerance stays as it was. */
export function override(recorded: JudgeSettings, { values, given }: Options): JudgeSettings {
  const pick = <T>(name: OptionName, value: T, old: T): T => (given.has(name) ? value : old);
  return {
    ...recorded,
    alpha: pick('confidence', 1 - values.confidence, recorded.alpha),
    errorTolerance: pick('error-tolerance', values['error-tolerance'], recorded.errorTolerance),
    maxErrorRate: pick('max-error-rate', values['max-error-rate'], recorded.maxErrorRate),
    passMargin: pick('pass-margin', values['pass-margin'], recorded.passMargin),
    minInvocations: pick('min-invocations', values['min-invocations'], recorded.minInvocations),
    metrics: recorded.metrics.map((metric) => ({ ...metric, ...metricLimits(metric, { values, given }) })),
  };
}

/** As a deployment derives them: throttles are held to the errors' limits, a metric of the user's to its own at least. */
function metricLimits(metric: Metric, { values, given }: Options): Pick<Metric, 'tolerance' | 'margin'> {
  const { kind, tolerance, margin } = metric;
  const passMargin = given.has('pass-margin') ? values['pass-margin'] : undefined;
  switch (kind) {
    case 'latency': {
      if (!given.has('latency-tolerance')) return { tolerance, margin };
      const accepted = values['latency-tolerance'];
      return { tolerance: accepted, margin: margin === undefined ? undefined : accepted };
    }
    case 'throttles': {
      const accepted = given.has('error-tolerance') ? values['error-tolerance'] : tolerance;
      return { tolerance: accepted, margin: passMargin ?? margin };
    }
    case 'custom':
      return { tolerance, margin: passMargin === undefined ? margin : Math.max(passMargin, tolerance) };
    case 'errors':
      return { tolerance, margin };
  }
}
