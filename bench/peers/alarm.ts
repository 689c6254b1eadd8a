import { errorRate } from '../../src/model/traffic.ts';
import type { Counts, Minute } from '../../src/model/traffic.ts';
import { ofCanary, ofFunction } from './rule.ts';
import type { Rule } from './rule.ts';

/** A CloudWatch alarm with a period of one minute. */
interface Alarm {
  readonly name: string;
  readonly short: string;
  /** Of the canary's own metrics, or of the whole function's as most copied templates have it. */
  readonly on: 'version' | 'function';
  readonly breaches: (counts: Counts) => boolean;
  /** ALARM when so many of the last `periods` data points breach. */
  readonly datapoints: number;
  readonly periods: number;
}

/** How many minutes an alarm goes back beyond its periods when data points are missing. */
const SPARE = 2;

/**
 * CodeDeploy, and SAM's DeploymentPreference on top of it: any alarm of the deployment group that is in ALARM stops the
 * deployment and rolls it back, one that was red before the first shift too, even when the deployment is the remedy
 * (aws/serverless-application-model#716). Missing data points are treated as `missing`: the alarm looks a little further
 * back for others (CloudWatch user guide, "How alarm state is evaluated when data is missing").
 */
export function codeDeploy(alarm: Alarm): Rule {
  const { name, short, on, datapoints, breaches } = alarm;
  const counts = on === 'version' ? ofCanary : ofFunction;
  return {
    name,
    short,
    start: (past) => {
      const before = on === 'function' ? past : [];
      return (minutes) => {
        const breaching = latest([minutes, before], alarm, counts).filter(breaches).length;
        return breaching >= datapoints ? 'roll back' : 'go on';
      };
    },
  };
}

/** The last data points there are. */
function latest(
  [minutes, before]: readonly [readonly Minute[], readonly Minute[]],
  { periods }: Alarm,
  counts: (minute: Minute) => Counts,
): Counts[] {
  const found: Counts[] = [];
  for (let back = 1; back <= periods + SPARE && found.length < periods; back += 1) {
    const minute = minutes.at(-back) ?? before[before.length + minutes.length - back];
    const count = minute === undefined ? undefined : counts(minute);
    if (count !== undefined && count.invocations > 0) found.push(count);
  }
  return found;
}

const anyError = ({ errors }: Counts): boolean => errors >= 1;

function rateAbove(limit: number): (counts: Counts) => boolean {
  return (counts) => errorRate(counts) > limit;
}

/** The alarm that AWS's own examples and most templates use: `Errors` Sum over 60 s, one period, at least 1. */
export const errorsOnVersion = codeDeploy({
  name: 'CodeDeploy/SAM, alarm Errors >= 1, 1 of 1, on the version',
  short: 'Err≥1 ver',
  on: 'version',
  breaches: anyError,
  datapoints: 1,
  periods: 1,
});

export const errorsOnFunction = codeDeploy({
  name: 'CodeDeploy/SAM, alarm Errors >= 1, 1 of 1, on the function',
  short: 'Err≥1 fn',
  on: 'function',
  breaches: anyError,
  datapoints: 1,
  periods: 1,
});

/** The careful template: a rate by metric math, two of three minutes. */
export const onePercent = codeDeploy({
  name: 'CodeDeploy, alarm error rate > 1 %, 2 of 3, on the version',
  short: '>1% 2/3',
  on: 'version',
  breaches: rateAbove(0.01),
  datapoints: 2,
  periods: 3,
});

export const fivePercent = codeDeploy({
  name: 'CodeDeploy, alarm error rate > 5 %, 3 of 3, on the version',
  short: '>5% 3/3',
  on: 'version',
  breaches: rateAbove(0.05),
  datapoints: 3,
  periods: 3,
});

/** An alarm on the 99th percentile is one on the share beyond its limit: above 1 %. */
export const slowestOnce = codeDeploy({
  name: 'CodeDeploy, alarm p99 Duration > 500 ms, 1 of 1, on the version',
  short: 'p99 1/1',
  on: 'version',
  breaches: rateAbove(0.01),
  datapoints: 1,
  periods: 1,
});

export const slowestThrice = codeDeploy({
  name: 'CodeDeploy, alarm p99 Duration > 500 ms, 3 of 3, on the version',
  short: 'p99 3/3',
  on: 'version',
  breaches: rateAbove(0.01),
  datapoints: 3,
  periods: 3,
});
