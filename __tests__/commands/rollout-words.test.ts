import { expect, test } from '@jest/globals';
import { inputLines, rolloutLine } from '../../src/commands/rollout-words.ts';
import type { Inputs } from '../../src/inputs/inputs.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { INPUT_DEFAULTS, type InputName } from '../../src/model/names.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import type { RolloutPlan } from '../../src/rollout/decide/plan.ts';

function inputs(change: Partial<Record<InputName, string>> = {}): Inputs {
  const raw = { ...INPUT_DEFAULTS, 'function-name': 'shop', artifact: 'app', 'github-token': 'ghs_planted', ...change };
  const parsed = parseInputs(raw, { region: 'eu-west-1' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed));
  return parsed.inputs;
}

const PLAN: RolloutPlan = {
  steps: [5, 50].map((weight) => ({ weight, dwell: 5 * MINUTE })),
  pace: 'fixed',
  bakeTime: 0,
  interval: 30 * SECOND,
  finalAge: 2 * MINUTE,
  maxDuration: 60 * MINUTE,
  onInconclusive: 'promote',
  onCancel: 'rollback',
  unreadableLimit: 5 * MINUTE,
};

test.each<[Partial<RolloutPlan>, string]>([
  [{}, '5% for 5m, 50% for 5m, 100%; at least 12m, judged every 30s'],
  [{ bakeTime: 3 * MINUTE }, '5% for 5m, 50% for 5m, 100% and watched for 3m; at least 18m, judged every 30s'],
  [{ pace: 'evidence' }, '5%, 50%, 100%; each as soon as the evidence allows, at most 1h, judged every 30s'],
  [{ steps: [] }, '100%; nothing is watched'],
])('what a rollout of %j is going to do', (change, course) => {
  const line = rolloutLine(inputs(), { plan: { ...PLAN, ...change }, baseline: '3', canary: '4' });
  expect(line).toBe(`Rolling out shop:live from version 3 to 4: ${course}. Times count from the first shift.`);
});

test('the inputs that decide, and no others', () => {
  expect(inputLines(inputs({ confidence: '99.9%', 'dry-run': 'true' }))).toEqual([
    'deploy shop:live in eu-west-1, as a dry run',
    'strategy canary, bake-time 0s, interval 30s, metric-delay 2m, max-duration 2h',
    'confidence 99.9%, error-tolerance 0.1%, pass-margin 1%, on-inconclusive promote, on-cancel rollback',
  ]);
  expect(inputLines(inputs({ command: 'status', artifact: '' }))).toEqual(['status shop:live in eu-west-1']);
});
