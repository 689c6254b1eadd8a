import { describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { parseActionFile } from '../../simulator/action-yml.ts';
import { runAction, runPost, startSimulator } from '../../simulator/index.ts';
import type { RunOptions, RunResult, Simulator } from '../../simulator/index.ts';
import { parseAnnotations, parseKeyValues } from '../../simulator/runner-files.ts';
import { scenarios } from '../../simulator/scenarios.ts';

const entry = fileURLToPath(new URL('./fixtures/step.mjs', import.meta.url));

async function run(
  inputs: Record<string, string>,
  more: Partial<RunOptions> = {},
  check: (simulator: Simulator) => void = () => undefined,
): Promise<RunResult> {
  const simulator = await startSimulator(scenarios.noTraffic());
  try {
    const result = await runAction({ simulator, inputs, entry, defaults: { strategy: 'canary' }, ...more });
    check(simulator);
    return result;
  } finally {
    await simulator.close();
  }
}

describe('runAction', () => {
  test('collects what a step leaves behind', async () => {
    const seen: string[] = [];
    const result = await run({ mode: 'report', 'function-name': 'f' }, { onLine: (line) => seen.push(line) });
    expect(result).toMatchObject({
      exitCode: 3,
      signal: null,
      outputs: { result: 'promoted', reason: 'first\nsecond', empty: '' },
      state: { marker: 'run 1001' },
      summary: '# Done\n',
      annotations: [
        { level: 'error', title: 'Rolled back, again', message: 'line one\nline two: 5%' },
        { level: 'warning', title: undefined, message: 'careful' },
      ],
    });
    expect(result.lines.slice(0, 2)).toEqual(['function f strategy canary', 'state none']);
    expect(result.stderr).toContain('to stderr');
    expect(seen).toEqual(result.lines);
  });

  test('hours of simulated sleep pass at once, and answers bring the time along', async () => {
    const result = await run({ mode: 'sleep', ms: '7200000' });
    expect(result.lines.slice(0, 2)).toEqual(['slept 7200000', 'later true']);
    expect(result.exitCode).toBe(0);
    const fetched = Number(/fetch (\d+)/.exec(result.stdout)?.[1]);
    expect(fetched).toBeGreaterThan(7_200_068);
  });

  test('is the same every time', async () => {
    expect((await run({ mode: 'sleep', ms: '5' })).lines).toEqual((await run({ mode: 'sleep', ms: '5' })).lines);
  });

  test('a signal at a simulated time ends the sleep, and time stays there', async () => {
    const result = await run({ mode: 'cancel' }, { signalAt: { signal: 'SIGINT', atSimulatedMs: 60_000 } });
    expect(result.lines).toEqual(['aborted true at 60000', 'then true']);
    expect(result.exitCode).toBe(0);
  });

  test('a kill after a call: it landed, nothing more happens', async () => {
    const signalAt = { signal: 'SIGKILL', afterCall: { action: 'UpdateAlias' } } as const;
    const result = await run({ mode: 'shift' }, { signalAt }, (simulator) => {
      expect(simulator.aliasHistory('checkout', 'live').map(({ description }) => description)).toEqual([
        'callers use this',
        'first',
      ]);
    });
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', lines: [] });
  });

  test('a kill before a call: it never lands', async () => {
    const signalAt = { signal: 'SIGKILL', beforeCall: { action: 'UpdateAlias', nth: 2 } } as const;
    const result = await run({ mode: 'shift' }, { signalAt }, (simulator) => {
      expect(simulator.aliasHistory('checkout', 'live').at(-1)).toMatchObject({ description: 'first' });
    });
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
  });

  test('several signals, each at its own time', async () => {
    const signalAt = [
      { signal: 'SIGINT', atSimulatedMs: 60_000, escalate: false },
      { signal: 'SIGKILL', beforeCall: { action: 'UpdateAlias' } },
    ] as const;
    const result = await run({ mode: 'cancel' }, { signalAt });
    expect(result).toMatchObject({ signal: 'SIGKILL', lines: ['aborted true at 60000'] });
  });

  test('a process that ends in the midst of a sleep does not stop the clock of another', async () => {
    const simulator = await startSimulator(scenarios.noTraffic());
    const first = runAction({ simulator, entry, inputs: { mode: 'shift' } });
    const second = runAction({
      simulator,
      entry,
      inputs: { mode: 'sleep', ms: '600000' },
      signalAt: { signal: 'SIGTERM', atSimulatedMs: 500 },
    });
    expect((await second).signal).toBe('SIGTERM');
    expect((await first).lines).toEqual(['done']);
    await simulator.close();
  });

  test('runPost hands the saved state on', async () => {
    const simulator = await startSimulator(scenarios.noTraffic());
    const result = await runPost({ simulator, entry, inputs: { mode: 'report' }, state: { marker: 'run 1001' } });
    expect(result.lines).toContain('state run 1001');
    await simulator.close();
  });
});

describe('files of the runner', () => {
  test.each([
    ['a=1\nb=x=y\n', { a: '1', b: 'x=y' }],
    ['a<<END\n1\n\n2\nEND\nb=3\n', { a: '1\n\n2', b: '3' }],
    ['', {}],
  ])('%j', (content, expected) => {
    expect(parseKeyValues(content)).toEqual(expected);
  });

  test('other lines are no annotations', () => {
    expect(parseAnnotations(['::group::x', 'error', '::error file=a.ts,line=1::boom'])).toEqual([
      { level: 'error', title: undefined, message: 'boom' },
    ]);
  });

  test('action.yml: defaults, expressions, entries', () => {
    const file = [
      'name: x',
      'inputs:',
      '  plain:',
      "    description: 'default: not this'",
      '    default: 0.1%',
      '  quoted:',
      "    default: 'it''s'",
      '  none:',
      '    required: true',
      '  github-token:',
      '    default: ${{ github.token }}',
      'outputs:',
      'runs:',
      '  using: node24',
      '  main: dist/index.js',
      '  post: dist/post/index.js',
    ].join('\n');
    expect(parseActionFile(file)).toEqual({
      defaults: { plain: '0.1%', quoted: "it's", none: '', 'github-token': 'token' },
      main: 'dist/index.js',
      post: 'dist/post/index.js',
    });
  });
});
