import type { Served } from '../worlds/world.ts';
import { errorsOnFunction, errorsOnVersion, fivePercent, onePercent, slowestOnce, slowestThrice } from './alarm.ts';
import { argo, argoErrors } from './argo.ts';
import { cloudRun } from './cloud-run.ts';
import { flagger } from './flagger.ts';
import { kayenta } from './kayenta.ts';
import { keptn } from './keptn.ts';
import type { Rule } from './rule.ts';
import { mixtureTest, zTest } from './sequential.ts';

/** A rule, and which of the counts it takes for errors. */
export interface Peer {
  readonly rule: Rule;
  readonly counts: keyof Pick<Served, 'errors' | 'slow' | 'verySlow'>;
}

const FLAGGERS = [flagger(1), flagger(5), flagger(10)];
const STATISTICAL = [
  kayenta({ every: undefined }),
  kayenta({ every: 10 }),
  keptn,
  mixtureTest(0.005),
  mixtureTest(0.02),
  mixtureTest(0.1),
  zTest,
];

const ON_ERRORS: readonly Peer[] = [
  errorsOnVersion,
  errorsOnFunction,
  onePercent,
  fivePercent,
  ...FLAGGERS,
  argo({ interval: 5, failureLimit: 3 }),
  argo({ interval: 1, failureLimit: 0 }),
  argoErrors,
  cloudRun,
  ...STATISTICAL,
].map((rule) => ({ rule, counts: 'errors' }));

/** Those that have a rule for latency, or one that takes any counts. */
const ON_LATENCY: readonly Peer[] = [
  ...[slowestOnce, slowestThrice, ...FLAGGERS].map((rule): Peer => ({ rule, counts: 'verySlow' })),
  ...STATISTICAL.map((rule): Peer => ({ rule, counts: 'slow' })),
];

/** Every peer that has something to say about a metric. */
export function peersFor(metric: 'errors' | 'latency'): readonly Peer[] {
  return metric === 'errors' ? ON_ERRORS : ON_LATENCY;
}
