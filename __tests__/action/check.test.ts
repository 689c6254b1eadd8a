import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import { MINUTE, SECOND } from '../../src/model/time.ts';
import { expectSound } from './support/sound.ts';
import { type Step, errorsOf, plannedStory, post, step, stepIn, story, within, writes } from './support/step.ts';

jest.setTimeout(30_000);

const STEPS = { strategy: '10% 2m, 50% 2m' } as const;
const folder = mkdtempSync(join(tmpdir(), 'check-'));
const PIDS = join(folder, 'pids');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A shell command that takes so much simulated time. */
function nap(ms: number): string {
  const script = fileURLToPath(new URL('./fixtures/nap.mjs', import.meta.url));
  return `"${process.execPath}" ${script} ${ms}`;
}

/** The lines of the check's group at a weight. */
function outputAt({ lines }: Step, title: string): readonly string[] {
  const start = lines.indexOf(`::group::${title}`);
  return start < 0 ? [] : lines.slice(start + 1, lines.indexOf('::endgroup::', start));
}

/** Whether any process whose number a script wrote down is there for longer than a signal takes. */
function anyRuns(): boolean {
  const pids = readFileSync(PIDS, 'utf8').trim().split(/\s+/);
  rmSync(PIDS);
  const runs = (pid: string): boolean => {
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', pid], { encoding: 'utf8' });
    return stdout.trim() !== '' && !stdout.startsWith('Z');
  };
  for (let tries = 0; tries < 40 && pids.some(runs); tries += 1) spawnSync('sleep', ['0.05']);
  return pids.some(runs);
}

/** From one state of the alias to the next, ms. */
function tookAt({ history }: Step, index: number): number {
  return (history[index + 1]?.at ?? Infinity) - (history[index]?.at ?? 0);
}

describe('a check that passes', () => {
  test('runs before the first shift, after every step and in the bake, and is told of the moment', async () => {
    const check = 'echo "$FUNCTION_NAME $FUNCTION_ALIAS $FUNCTION_VERSION $PREVIOUS_VERSION $CANARY_WEIGHT"';
    const run = await stepIn(scenarios.healthy(), { ...STEPS, 'bake-time': '2m', check });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(plannedStory(run)).toEqual(['3', '3 4:10', '3 4:50', '4', '4']);
    const titles = ['Check before the first shift', 'Check at 10%25', 'Check at 50%25', 'Check at 100%25'];
    expect(titles.map((title) => outputAt(run, title))).toEqual(
      [0, 10, 50, 100].map((weight) => [`checkout live 4 3 ${weight}`, 'The check passed.']),
    );
  });

  test('costs no time', async () => {
    const [plain, checked] = [
      await stepIn(scenarios.healthy(), STEPS),
      await stepIn(scenarios.healthy(), { ...STEPS, check: 'true' }),
    ];
    expect(checked.outputs).toMatchObject({ reason: plain.outputs['reason'] });
    expect([0, 1, 2].map((index) => tookAt(checked, index))).toEqual([0, 1, 2].map((index) => tookAt(plain, index)));
  });

  test('on a first deployment has no version before it', async () => {
    const check = 'echo "<$PREVIOUS_VERSION> $CANARY_WEIGHT"';
    const run = await stepIn(scenarios.firstDeployment(), { check });
    expectSound(run);
    expect(outputAt(run, 'Check before the first shift')).toEqual(['<> 0', 'The check passed.']);
  });

  test('keeps the next step waiting for as long as it takes, while polls go on', async () => {
    const check = `[[ $CANARY_WEIGHT != 10 ]] || ${nap(5 * MINUTE + SECOND)}`;
    const run = await stepIn(scenarios.healthy(), { ...STEPS, check, 'check-timeout': '10m' });
    expectSound(run);
    expect(run.outputs['result']).toBe('promoted');
    expect(tookAt(run, 1)).toBeGreaterThan(5 * MINUTE);
    expect(tookAt(run, 1)).toBeLessThan(6 * MINUTE);
    expect(run.report?.timeline.map(({ text }) => text)).toContain('holding: the check at 10% has not finished');
    const polls = run.calls.filter(({ action, at }) => action === 'GetMetricData' && at > (run.history[1]?.at ?? 0));
    const gaps = polls.slice(1).map(({ at }, index) => at - (polls[index]?.at ?? 0));
    expect(polls.length).toBeGreaterThan(10);
    expect(Math.max(...gaps)).toBeLessThan(32 * SECOND);
  });
});

describe('a check that fails', () => {
  test('before the first shift: nothing is shifted', async () => {
    const run = await stepIn(scenarios.healthy(), { ...STEPS, check: 'echo no good >&2; exit 3' });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'failed', verdict: 'fail', version: '4', 'canary-weight': '0' });
    expect(run.outputs['reason']).toBe('the check before the first shift failed: exit code 3');
    expect(writes(run)).toEqual(['UpdateFunctionCode', 'PublishVersion']);
    expect(outputAt(run, 'Check before the first shift')).toEqual(['no good', 'The check failed: exit code 3.']);
    expect(errorsOf(run)[0]?.message).toContain('alias live serves version 3 as before');
  });

  test.each([10, 50])('after the step to %d %%: rolled back at once', async (weight) => {
    const check = `echo at $CANARY_WEIGHT; [[ $CANARY_WEIGHT != ${weight} ]]`;
    const run = await stepIn(scenarios.healthy(), { ...STEPS, check });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail', 'canary-weight': '0' });
    expect(run.outputs['reason']).toBe(`the check at ${weight}% failed: exit code 1`);
    expect(story(run).slice(-2)).toEqual([`3 4:${weight}`, '3']);
    expect(tookAt(run, run.history.length - 2)).toBeLessThan(2 * SECOND);
    expect(run.report?.next).toContain('Mend what the reason names');
    expect(run.report?.polls.at(-1)).toMatchObject({
      verdict: 'fail',
      reason: `the check at ${weight}% failed: exit code 1`,
    });
  });

  test('in the bake: rolled back at once', async () => {
    const run = await stepIn(scenarios.healthy(), {
      strategy: 'all-at-once',
      'bake-time': '5m',
      check: '[[ $CANARY_WEIGHT != 100 ]]',
    });
    expectSound(run);
    expect(run.outputs).toMatchObject({ result: 'rolled-back', reason: 'the check at 100% failed: exit code 1' });
    expect(story(run)).toEqual(['3', '4', '3']);
    expect(tookAt(run, 1)).toBeLessThan(2 * SECOND);
  });

  test('after minutes: rolled back at that moment, not at the next poll', async () => {
    const check = `[[ $CANARY_WEIGHT != 10 ]] || { ${nap(65 * SECOND)}; exit 1; }`;
    const run = await stepIn(scenarios.healthy(), { ...STEPS, check });
    expectSound(run);
    expect(run.outputs['result']).toBe('rolled-back');
    expect(tookAt(run, 1)).toBeGreaterThanOrEqual(65 * SECOND);
    expect(tookAt(run, 1)).toBeLessThan(68 * SECOND);
  });

  test.each([
    ['before the first shift', 0, 'failed', ['3']],
    ['after a step', 10, 'rolled-back', ['3', '3 4:10', '3']],
  ])('by taking too long (%s), and is gone with all it started', async (_, weight, result, states) => {
    const check = `[[ $CANARY_WEIGHT == ${weight} ]] || exit 0
      echo $$ >> ${PIDS}; sleep 1000 & echo $! >> ${PIDS}; echo waiting; wait`;
    const run = await stepIn(scenarios.healthy(), { ...STEPS, check, 'check-timeout': '1s' });
    expectSound(run);
    expect(run.outputs['result']).toBe(result);
    expect(run.outputs['reason']).toMatch(/failed: it took longer than 1s$/);
    expect(story(run)).toEqual(states);
    expect(run.stdout).toContain('waiting\nThe check failed: it took longer than 1s.');
    expect(anyRuns()).toBe(false);
  });

  test('although CloudWatch does not answer', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await step(simulator, {
        inputs: { ...STEPS, check: `[[ $CANARY_WEIGHT != 10 ]] || { ${nap(60 * MINUTE)} & sleep 2; exit 1; }` },
        onLine: (line) => {
          if (line === '::group::Roll out') simulator.faults.add({ service: 'cloudwatch', effect: 'throttle' });
        },
      });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'rolled-back', reason: 'the check at 10% failed: exit code 1' });
    });
  });
});

test('a canary that fails goes back while its check is running, which is ended', async () => {
  const check = `[[ $CANARY_WEIGHT != 10 ]] || { echo $$ >> ${PIDS}; ${nap(60 * MINUTE)}; }`;
  const inputs = { strategy: '10% 10m' };
  const plain = await stepIn(scenarios.totalFailure(), inputs);
  const run = await stepIn(scenarios.totalFailure(), { ...inputs, check, 'check-timeout': '2h' });
  expectSound(run);
  expect(run.outputs).toMatchObject({ result: 'rolled-back', verdict: 'fail' });
  expect(run.outputs['reason']).toMatch(/^error rate/);
  const lasted = ({ history }: Step): number => (history.at(-1)?.at ?? 0) - (history[1]?.at ?? 0);
  expect(lasted(run)).toBeLessThan(lasted(plain) + 5 * SECOND);
  expect(anyRuns()).toBe(false);
});

describe('a job that is cancelled while the check runs', () => {
  async function cancelled(simulator: Simulator, inputs: Record<string, string>) {
    let told = { simulated: 0, real: 0 };
    const run = await step(simulator, {
      inputs: { ...STEPS, 'check-timeout': '1h', ...inputs },
      onLine: (line) => {
        if (line.startsWith('SIGINT: ')) told = { simulated: simulator.clock.now(), real: performance.now() };
      },
    });
    expect(performance.now() - told.real).toBeLessThan(3 * SECOND);
    expect((run.calls.at(-1)?.at ?? Infinity) - told.simulated).toBeLessThan(3 * SECOND);
    expect(anyRuns()).toBe(false);
    return run;
  }

  /** Has its own parent cancelled, as the runner would, and does not listen to SIGTERM itself. */
  const cancelling = (weight: number): string =>
    `[[ $CANARY_WEIGHT == ${weight} ]] || exit 0
     trap "" TERM; echo $$ >> ${PIDS}; kill -INT $PPID; while :; do sleep 0.1; done`;

  test('before the first shift: ends with it', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await cancelled(simulator, { check: cancelling(0) });
      expectSound(run);
      expect(run.outputs['reason']).toBe('the job was cancelled before any traffic was shifted');
      expect(story(run)).toEqual(['3']);
    });
  });

  test.each([
    ['after a step', cancelling(10), {}, ['3', '3 4:10', '3']],
    ['in the bake', cancelling(100), { strategy: 'all-at-once', 'bake-time': '20m' }, ['3', '4', '3']],
  ])('%s: the baseline is back', async (_, check, inputs, states) => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await cancelled(simulator, { check, ...inputs });
      expectSound(run);
      expect(run.outputs).toMatchObject({ result: 'rolled-back', 'canary-weight': '0' });
      expect(run.outputs['reason']).toMatch(/^the job was cancelled while/);
      expect(story(run)).toEqual(states);
      expect(await post(simulator, run)).toMatchObject({ exitCode: 0, stdout: '' });
    });
  });

  test('with on-cancel: keep the canary stays, the check does not', async () => {
    await within(scenarios.healthy(), async (simulator) => {
      const run = await cancelled(simulator, { check: cancelling(10), 'on-cancel': 'keep' });
      expect(run.outputs).toMatchObject({ result: 'held', 'canary-weight': '10' });
    });
  });
});

describe('what a script writes', () => {
  test('is no workflow command, and cannot end its group; what it masks is masked', async () => {
    const check = String.raw`
      printf '::error::boo\n::endgroup::\n  ::set-output name=result::promoted\nx ##[error]y\rz\n'
      echo "::add-mask::planted-mask"
      [[ $CANARY_WEIGHT == 0 ]]`;
    const run = await stepIn(scenarios.healthy(), { ...STEPS, check });
    expectSound(run);
    expect(run.outputs['result']).toBe('rolled-back');
    expect(run.annotations).toHaveLength(1);
    expect(run.lines.filter((line) => line.includes('##[') && !line.startsWith('::'))).toEqual([]);
    expect(outputAt(run, 'Check at 10%25')).toEqual([
      '\u200b::error::boo',
      '\u200b::endgroup::',
      '  \u200b::set-output name=result::promoted',
      'x ##\u200b[error]y z',
      'The check failed: exit code 1.',
    ]);
    expect(run.lines.filter((line) => line.includes('planted-mask'))).toEqual([
      '::add-mask::planted-mask',
      '::add-mask::planted-mask',
    ]);
  });

  test('is in the log and nowhere else, and it cannot write for this step', async () => {
    const check = 'echo planted-output; echo "result=promoted" >> "${GITHUB_OUTPUT:-/dev/null}"; env | sort; exit 1';
    const run = await stepIn(scenarios.healthy(), { check, 'github-token': 'planted-token', 'smoke-test': '' });
    expectSound(run);
    expect(run.outputs['result']).toBe('failed');
    expect(run.stdout).toContain('planted-output');
    expect(run.stdout).not.toContain('planted-token');
    for (const place of [
      run.summary,
      JSON.stringify(run.report),
      JSON.stringify(run.outputs),
      JSON.stringify(run.state),
    ])
      expect(place).not.toContain('planted-output');
  });

  test('a shell that cannot start it is told', async () => {
    const run = await stepIn(scenarios.healthy(), { check: 'true', ...STEPS }, { env: { PATH: folder } });
    expectSound(run);
    expect(run.outputs['reason']).toContain('the check before the first shift failed: it could not be started');
  });
});
