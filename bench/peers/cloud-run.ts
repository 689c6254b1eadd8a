import { errorRate } from '../../src/model/traffic.ts';
import { ofCanary, sumOf } from './rule.ts';
import type { Rule } from './rule.ts';

const WINDOW = 30;
const LEAST_REQUESTS = 100;
const MOST_ERRORS = 0.01;

/**
 * Cloud Run Release Manager (GoogleCloudPlatform/cloud-run-release-manager, README): every 60 seconds the last 30 minutes of
 * the candidate; with fewer than 100 requests it is inconclusive and waits, above the error rate (1 % in its example) it
 * rolls back. There is no baseline.
 */
export const cloudRun: Rule = {
  name: 'Cloud Run Release Manager, error rate <= 1 % of at least 100 requests, last 30 minutes',
  short: 'Cloud Run',
  start: () => (minutes) => {
    const recent = sumOf(minutes.slice(-WINDOW), ofCanary);
    return recent.invocations >= LEAST_REQUESTS && errorRate(recent) > MOST_ERRORS ? 'roll back' : 'go on';
  },
};
