import { errorRate } from '../../src/model/traffic.ts';
import { sumOf, totalsOf, WATCHED } from './rule.ts';
import type { Rule } from './rule.ts';

const MOST_INCREASE = 0.1;

/**
 * Keptn's quality gate with the documentation's relative criterion `<=+10%` (keptn/spec, service_level_objective.md): the
 * error rate of the evaluated span against the previous result, once, when the span is over. One objective, so the score is
 * 100 or 0 and `pass: 90%` decides. The previous result is the baseline's rate in as many minutes before the first shift.
 * Without a request there is nothing to evaluate.
 */
export const keptn: Rule = {
  name: 'Keptn, error rate <= previous + 10 %, evaluated once, at the end',
  short: 'Keptn',
  start: (past) => {
    const previous = errorRate(sumOf(past.slice(-WATCHED), ({ baseline }) => baseline));
    return (minutes) => {
      if (minutes.length !== WATCHED) return 'go on';
      return errorRate(totalsOf(minutes, 'canary')) > previous * (1 + MOST_INCREASE) ? 'roll back' : 'go on';
    };
  },
};
