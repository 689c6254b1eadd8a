import { describe, expect, test } from '@jest/globals';
import { scenarios } from '../../simulator/scenarios.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import { MINUTE } from '../../src/model/time.ts';
import { type Step, stepIn } from './support/step.ts';

/** What stands in no fold, from the first line of the rollout on. */
function watched({ lines }: Pick<Step, 'lines'>): readonly string[] {
  return lines.slice(lines.lastIndexOf('::endgroup::') + 1);
}

function polls(run: Step): readonly string[] {
  return watched(run).filter((line) => line.startsWith('+') && !line.includes('→'));
}

function turns(run: Step): readonly string[] {
  return watched(run).flatMap((line) => /^\+.* → (?<turn>[^:,]*)/.exec(line)?.groups?.['turn'] ?? []);
}

function times(line: string): number {
  const [, minutes = '0', seconds = '0'] = /^\+(\d\d):(\d\d)/.exec(line) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}

describe('the log of a healthy release', () => {
  test('says what comes, where it is, what is next and how it ended, and nothing twice', async () => {
    const run = await stepIn(scenarios.healthy(), { strategy: '5% 2m, 50% 4m' });
    const lines = watched(run);
    expect(lines[0]).toMatch(
      /^Rolling out checkout:live from version 3 to 4: 5% for 2m, 50% for 4m, 100%; at least 8m, /,
    );
    expect(turns(run)).toEqual(['step 1 of 2', 'step 2 of 2', 'promoted']);
    expect(lines.at(-1)).toMatch(/^Promoted(, unproven)?: version 4 of checkout has all traffic \(alias live\)$/);
    expect(new Set(lines).size).toBe(lines.length);
    // The last poll is followed by what comes of it.
    for (const line of polls(run).slice(0, -1)) {
      expect(line).toMatch(
        /^\+\d\d:\d\d {2}(step [12]\/2|steps done) {2}\d+ % .* {2}next: (50%|verdict) in (about )?\w+$/,
      );
    }
    expect(run.annotations).toEqual([]);
  });

  test('has a line a minute when there is no news', async () => {
    const run = await stepIn(scenarios.noTraffic(), {
      strategy: '10% 15m',
      interval: '10s',
      'on-inconclusive': 'rollback',
    });
    const quiet = polls(run).filter((line) => line.includes('nothing new'));
    expect(quiet.length).toBeGreaterThan(10);
    for (const [index, line] of quiet.slice(1).entries()) {
      expect(times(line) - times(quiet[index] ?? '')).toBeGreaterThanOrEqual(60);
    }
  });
});

test('`auto` says what it waits for', async () => {
  const run = await stepIn(scenarios.lowTraffic(), { strategy: 'auto', 'max-duration': '20m' });
  const told = polls(run).join('\n');
  expect(told).toMatch(/ {2}next: 35% when \d+ more canary invocations are judged, or in \w+$/m);
  expect(told).toMatch(/ {2}next: promoted as soon as it passes; decided in \w+ at the latest$/m);
});

test('a bake has an end that one can wait for', async () => {
  const run = await stepIn(scenarios.healthy(), { strategy: 'all-at-once', 'bake-time': '3m' });
  expect(turns(run)).toEqual(['promoted and watched for 3m', 'version 4 has baked']);
  expect(polls(run)[0]).toMatch(/^\+00:\d\d {2}bake {2}100 % .* next: end of the bake in 4m/);
});

test('what cannot be read is explained once, and counted down', async () => {
  const run = await stepIn(
    scenarios.healthy(),
    { strategy: '10% 10m' },
    {
      arrange: ({ faults }) => {
        faults.add({ action: 'GetMetricData', between: [3 * MINUTE, Infinity], effect: 'access-denied' });
      },
    },
  );
  expect(run.outputs['result']).toBe('rolled-back');
  const explained = watched(run).filter((line) => line.includes('is not authorized to perform'));
  expect(explained.map((line) => /→ (\w+ ?\w+)|^::(error)/.exec(line)?.slice(1).join(''))).toEqual([
    'holding',
    'rolling back',
    'error',
  ]);
  expect(polls(run).join('\n')).toMatch(/still cannot be read {2}next: rolled back in \w+ unless it can be read/);
});

test('a cancelled job: the signal, the rollback, the one annotation', async () => {
  const signalAt = { signal: 'SIGINT', atSimulatedMs: 3 * MINUTE } as const;
  const run = await stepIn(scenarios.healthy(), { strategy: '10% 10m' }, { signalAt });
  expect(watched(run).slice(-4)).toEqual([
    'SIGINT: the job is being cancelled.',
    expect.stringMatching(/ {2}→ rolling back: the job was cancelled while the canary had 10% of the traffic$/),
    expect.stringMatching(/ {2}0 % {2}→ rolled back: version 3 has all traffic again$/),
    expect.stringMatching(/^::error title=Rolled back%3A version 3 of checkout has all traffic again \(alias live\)::/),
  ]);
});

describe('one annotation says it all', () => {
  const noisy: Scenario = { ...scenarios.oldAlarm() };
  const inputs = { strategy: '10% 3m', alarms: 'checkout-errors', 'max-duration': '7h' };

  test('two warnings of a run that went well', async () => {
    const run = await stepIn(noisy, inputs, { env: { RUNNER_ENVIRONMENT: 'github-hosted' } });
    expect(run.outputs['result']).toBe('promoted');
    expect(run.annotations).toEqual([
      {
        level: 'warning',
        title: expect.stringMatching(
          /^Promoted.*: version 4 of checkout has all traffic \(alias live\), with 2 warnings$/,
        ),
        message: expect.stringMatching(/^max-duration is 7h, .*\nAlarm "checkout-errors" was in ALARM .*\.$/),
      },
    ]);
    expect(run.lines.filter((line) => line.startsWith('Warning: '))).toHaveLength(2);
  });

  test('and of one that was rolled back', async () => {
    const scenario = { ...scenarios.broken(), alarms: noisy.alarms ?? [] };
    const run = await stepIn(
      scenario,
      { ...inputs, 'max-duration': '8h' },
      { env: { RUNNER_ENVIRONMENT: 'github-hosted' } },
    );
    expect(run.annotations.map(({ level }) => level)).toEqual(['error']);
    expect(run.annotations[0]?.message).toMatch(/\nNext: .*\nAlso: max-duration is 8h/);
  });
});
