import { describe, expect, test } from '@jest/globals';
import { NO_OUTLOOK } from '../../src/commands/look-around.ts';
import { codeLines, rolloutLines } from '../../src/commands/plan.ts';
import type { Prepared } from '../../src/commands/prepare.ts';
import type { PackageView } from '../../src/model/record.ts';
import { MINUTE } from '../../src/model/time.ts';
import type { FunctionVersion } from '../../src/release/ports.ts';
import { anAlias } from '../support/fake-alias.ts';
import { aVersion } from '../support/fake-functions.ts';
import { aPlan } from '../support/rollouts.ts';
import { someInputs } from '../support/inputs.ts';

const ZIP: PackageView = { kind: 'zip', sha256: 'new=', bytes: 1_234_567, s3Uri: undefined };
const NOTHING_SENT = () => Promise.reject(new Error('a plan sends nothing'));

interface Case {
  readonly view?: PackageView;
  readonly isIn?: boolean | undefined;
  readonly latest?: Partial<FunctionVersion>;
  readonly locate?: () => Promise<never>;
}

function prepared({ view = ZIP, isIn = false, latest = {}, locate = NOTHING_SENT }: Case = {}): Prepared {
  return {
    latest: aVersion(latest),
    target: aVersion(latest),
    isNew: false,
    baseline: aVersion({ version: '7' }),
    alias: anAlias(),
    code: { isIn: () => isIn, locate, view: () => view },
    plan: aPlan({ steps: [], bakeTime: 0, finalAge: 2 * MINUTE }),
  };
}

const ARTIFACT = { source: { kind: 'artifact', path: 'app', exclude: [] } } as const;

describe('codeLines', () => {
  test.each<[string, Case, readonly string[]]>([
    [
      'the same before everywhere',
      {},
      ['in place of SHA-256 old= (version 7 and $LATEST)', 'update $LATEST and publish it'],
    ],
    [
      'with its size',
      { latest: { codeSha256: 'last=', codeBytes: 999 } },
      [
        'in place of SHA-256 old= (version 7)',
        'in place of 999 B, SHA-256 last= ($LATEST)',
        'update $LATEST and publish it',
      ],
    ],
    [
      '$LATEST has it already',
      { isIn: true },
      ['in place of SHA-256 old= (version 7 and $LATEST)', 'publish $LATEST, which has this code already'],
    ],
  ])('%s', async (_, change, lines) => {
    const expected = ['package of 1.2 MB, SHA-256 new=', ...lines];
    expect(await codeLines(ARTIFACT, prepared(change))).toEqual(expected);
  });

  test('a first deployment replaces $LATEST only', async () => {
    const lines = await codeLines(ARTIFACT, { ...prepared(), baseline: undefined });
    expect(lines[1]).toBe('in place of SHA-256 old= ($LATEST)');
  });

  test('an image in place of another', async () => {
    const view: PackageView = { kind: 'image', uri: 'repo@sha256:d', digest: 'sha256:d' };
    const before = { packageType: 'Image', imageDigest: 'sha256:c' } as const;
    const { baseline, ...rest } = prepared({ view, latest: before });
    const lines = await codeLines(ARTIFACT, { ...rest, baseline: { ...aVersion(), ...baseline, ...before } });
    expect(lines.slice(0, 2)).toEqual(['image repo@sha256:d', 'in place of image sha256:c (version 7 and $LATEST)']);
  });

  test.each<[string, PackageView, string]>([
    ['a zip for a bucket', { ...ZIP, s3Uri: 's3://b/k.zip' }, 'package of 1.2 MB, SHA-256 new=, to s3://b/k.zip'],
    ['an object', { ...ZIP, bytes: undefined, sha256: undefined, s3Uri: 's3://b/k.zip' }, 'package s3://b/k.zip'],
  ])('%s', async (_, view, line) => {
    expect((await codeLines(ARTIFACT, prepared({ view })))[0]).toBe(line);
  });

  test('an object that is to be deployed as it lies is looked for', async () => {
    const locate = () => Promise.reject(new Error('there is no object'));
    const source = { kind: 'object', bucket: 'b', key: 'k.zip' } as const;
    await expect(codeLines({ source }, prepared({ locate }))).rejects.toThrow('there is no object');
  });
});

describe('rolloutLines', () => {
  const lines = (text: Parameters<typeof someInputs>[0], change: object = {}): readonly string[] => {
    const inputs = someInputs(text);
    const { steps, pace } = inputs.strategy;
    const plan = aPlan({
      steps,
      pace,
      bakeTime: inputs.bakeTime,
      finalAge: 2 * MINUTE,
      maxDuration: inputs.maxDuration,
    });
    return rolloutLines(inputs, { ...prepared(), plan, outlook: NO_OUTLOOK, expectation: '', ...change });
  };
  const past = [
    { invocations: 900, errors: 1 },
    { invocations: 100, errors: 4 },
  ];

  test('names every step with its time, and what is known of the baseline', () => {
    const outlook = { ...NO_OUTLOOK, past };
    const found = lines(
      { strategy: '5% 5m, 50% 10m', 'bake-time': '10m' },
      { outlook, expectation: 'a pass takes 300' },
    );
    expect(found.slice(0, -1)).toEqual([
      '+00:00 give the new version 5% of alias live for 5m',
      '+05:00 give the new version 50% of alias live for 10m',
      '+17:00 promote it when it passes',
      '+17:00 watch it for another 10m',
      'takes about 30m; at any moment a regression puts version 7 back',
      'version 7 served 1000 invocations in the last hour, 0.50% of them errors',
      'a pass takes 300',
    ]);
    expect(found.at(-1)).toMatch(
      /^the smallest regression that it can detect at the traffic of the last hour: \+[\d.]+ points? of error rate$/,
    );
  });

  test('as soon as the evidence allows', () => {
    expect(lines({ strategy: 'auto', 'bake-time': '10m' })).toEqual([
      expect.stringMatching(/^give the new version 1%, .* as soon as the evidence allows$/),
      'promote it when it passes',
      'watch it for another 10m',
      expect.stringContaining('takes until it passes, at most 2h'),
    ]);
  });

  test('all at once', () => {
    expect(lines({ strategy: 'all-at-once' })).toEqual([
      '+00:00 give it all traffic at once',
      'nothing is watched then, and nothing puts version 7 back by itself',
    ]);
  });

  test.each([
    ['alias', { alias: undefined }],
    ['version behind it', { baseline: undefined }],
  ])('without an %s there is nothing to watch', (_, change) => {
    expect(lines({}, change)).toEqual(['create alias live on the new version: no baseline, no canary']);
  });
});
