import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scenarios } from '../../simulator/scenarios.ts';
import { expectSound } from './support/sound.ts';
import { type StepOptions, errorsOf, stepIn } from './support/step.ts';

jest.setTimeout(20_000);

const folder = mkdtempSync(join(tmpdir(), 'bad-artifacts-'));
const EMPTY = join(folder, 'empty');
const TEXT = join(folder, 'text.zip');
const TRUNCATED = join(folder, 'truncated.zip');
mkdirSync(EMPTY);
writeFileSync(TEXT, 'this is no zip');
writeFileSync(TRUNCATED, Buffer.from('504b03040a0000000000', 'hex'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function refused(inputs: Record<string, string>, options: StepOptions = {}) {
  const run = await stepIn(scenarios.healthy(), inputs, options);
  expectSound(run);
  expect(run.calls).toEqual([]);
  expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'failed', verdict: 'none', 'canary-weight': '0' } });
  return errorsOf(run)[0]?.message ?? '';
}

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:checkout';
const IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/checkout:1';

describe('bad input: said before AWS is asked anything', () => {
  test.each<[Record<string, string>, string]>([
    [{ 'function-name': '' }, 'function-name: is not given. Expected'],
    [{ 'function-name': `${ARN}:live` }, 'function-name: '],
    [{ 'function-name': 'checkout:7' }, 'function-name: '],
    [{ 'image-uri': IMAGE }, 'artifact: is given together with image-uri. Expected'],
    [{ artifact: '' }, 'artifact: neither artifact nor image-uri is given. Expected'],
    [{ artifact: '', 's3-bucket': 'releases' }, 'artifact: neither artifact nor image-uri is given, only s3-bucket'],
    [{ artifact: join(folder, 'nowhere') }, 'artifact: '],
    [{ artifact: EMPTY }, 'artifact: '],
    [{ artifact: TEXT }, 'artifact: '],
    [{ artifact: TRUNCATED }, 'artifact: '],
    [{ 'bake-time': '3h' }, 'bake-time: is 3h, which is more than max-duration (2h). Expected at most 2h'],
  ])('%j', async (inputs, sentence) => {
    expect(await refused(inputs)).toContain(sentence);
  });

  /** One run for many mistakes: each input's own sentence, with what was written in it, and what would be right. */
  test.each<[string, Record<string, string>]>([
    ['unknown words', { command: '"destroy"', strategy: '"yolo"', 'dry-run': '"yes"', 'on-inconclusive': '"shrug"' }],
    [
      'numbers',
      { confidence: '"100%"', 'error-tolerance': '"-1%"', 'max-error-rate': '"NaN%"', 'min-invocations': '"1.5"' },
    ],
    ['durations', { interval: '"5"', 'bake-time': '"-5m"', 'metric-delay': '"1.5.2h"', 'max-duration': '"NaN"' }],
    ['a fall', { strategy: '50% 5m, "25%" 5m', alias: '"42"' }],
    ['a repetition', { strategy: '25% 5m, "25%" 5m', 'aws-region': '"Atlantis"' }],
    ['0', { strategy: '"0%" 5m', 's3-bucket': '"No Bucket"' }],
    ['100', { strategy: '"100%" 5m', 'function-name': `"${ARN}:7"`, interval: '"1s"' }],
  ])('all at once: %s', async (_, marked) => {
    const inputs = Object.entries(marked).map(([name, value]) => [name, value.replaceAll('"', '')]);
    const message = await refused(Object.fromEntries(inputs) as Record<string, string>);
    expect(message).toContain(`${inputs.length} problems with the inputs`);
    for (const [name, value] of Object.entries(marked)) {
      const sentence = new RegExp(`(?:^|[.:] )${name}: ([^]*?) Expected `).exec(message)?.[1];
      expect(sentence).toContain(/"(.*)"/.exec(value)?.[1]);
    }
  });

  test('no region anywhere', async () => {
    const message = await refused({}, { env: { AWS_REGION: '', AWS_DEFAULT_REGION: '' } });
    expect(message).toContain('aws-region: is given neither here nor in the environment');
  });

  test('without a summary, and with nothing else to say', async () => {
    const run = await stepIn(scenarios.healthy(), { summary: 'false', artifact: EMPTY });
    expect(run.annotations).toHaveLength(1);
    expect(run.lines.filter((line) => line.startsWith('artifact: '))).toHaveLength(1);
  });
});
