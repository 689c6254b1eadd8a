import { describe, expect, test } from '@jest/globals';
import { endingOf, planLines } from '../../src/commands/deploy-words.ts';
import { NO_OUTLOOK } from '../../src/commands/look-around.ts';
import type { Prepared } from '../../src/commands/prepare.ts';
import type { DeployInputs } from '../../src/inputs/inputs.ts';
import type { PackageView } from '../../src/model/record.ts';
import { MINUTE } from '../../src/model/time.ts';
import { anAlias } from '../support/fake-alias.ts';
import { aVersion } from '../support/fake-functions.ts';
import { someInputs } from '../support/inputs.ts';
import { aPlan } from '../support/rollouts.ts';

describe('endingOf', () => {
  const versions = { inputs: someInputs(), baseline: '7', canary: '8' };
  test.each([
    ['promoted', 'pass', []],
    ['rolled-back', 'fail', ['Version 7 has all traffic again', '[8]']],
    ['rolled-back', 'inconclusive', ['Version 7 has all traffic again', 'Mend what the reason names']],
    [
      'held',
      'inconclusive',
      ['`command: promote` gives it all traffic', '`command: rollback` puts version 7 back', 'nobody is watching'],
    ],
    ['failed', 'fail', ['may still give version 8 traffic', '`version: 7`']],
  ] as const)('%s (%s) says what to do next', (result, verdict, parts) => {
    const ending = endingOf({ result, verdict, reason: 'why' }, versions);
    expect(ending).toMatchObject({ result, verdict, reason: 'why' });
    expect(parts.filter((part) => !ending.next.includes(part))).toEqual([]);
    expect(ending.next === '').toBe(result === 'promoted');
  });

  const CULPRIT = 'Find out what version 8 does differently';
  const REASON = 'Mend what the reason names, then deploy again.';
  test.each([
    ['error rate 5.00% vs 0.10% (5/100 vs 1/1000), evidence 1:900', CULPRIT],
    ['alarm rate 5.00% vs 0.10% (5/100 vs 1/1000), evidence 1:900', CULPRIT],
    ['alarm "pages" went to ALARM: too high', REASON],
    ['metric "queue age" of the canary was 40, above its maximum of 30, twice in a row', REASON],
  ])('what failed is looked for where it is: %s', (reason, advice) => {
    const { next } = endingOf({ result: 'rolled-back', verdict: 'fail', reason }, versions);
    expect([CULPRIT, REASON].filter((part) => next.includes(part))).toEqual([advice]);
  });

  test('what the failure itself says to do comes first', () => {
    const outcome = { result: 'failed', verdict: 'none', reason: 'denied', next: 'allow it' } as const;
    expect(endingOf(outcome, versions)).toEqual(outcome);
  });
});

const ZIP: PackageView = { kind: 'zip', sha256: 'new=', bytes: 1_234_567, s3Uri: undefined };

function prepared({
  inputs,
  view = ZIP,
  isIn = false,
}: {
  inputs: DeployInputs;
  view?: PackageView;
  isIn?: boolean | undefined;
}): Prepared {
  const { bakeTime, strategy } = inputs;
  return {
    latest: aVersion(),
    baseline: aVersion({ version: '7' }),
    alias: anAlias(),
    code: { isIn: () => isIn, locate: () => Promise.reject(new Error('a plan sends nothing')), view: () => view },
    plan: aPlan({ steps: strategy.steps, bakeTime, finalAge: 2 * MINUTE }),
  };
}

const UNKNOWN = { outlook: NO_OUTLOOK, expectation: '' } as const;

describe('planLines', () => {
  const past = [
    { invocations: 900, errors: 1 },
    { invocations: 100, errors: 4 },
  ];

  test('names every step, the time it takes, and what is known of the baseline', () => {
    const inputs = someInputs({ strategy: '5% 5m, 50% 10m', 'bake-time': '10m' });
    expect(
      planLines(inputs, { ...prepared({ inputs }), outlook: { ...NO_OUTLOOK, past }, expectation: 'a pass takes 300' }),
    ).toEqual([
      'package of 1.2 MB, SHA-256 new=',
      'update $LATEST and publish it',
      'give the new version 5% of alias live for 5m',
      'give the new version 50% of alias live for 10m',
      'promote it when it passes',
      'watch it for another 10m',
      'takes about 30m; at any moment a regression puts version 7 back',
      'version 7 served 1000 invocations in the last hour, 0.50% of them errors',
      'a pass takes 300',
    ]);
  });

  test('all at once', () => {
    const inputs = someInputs({ strategy: 'all-at-once' });
    expect(planLines(inputs, { ...prepared({ inputs, isIn: true }), ...UNKNOWN }).slice(0, 3)).toEqual([
      'package of 1.2 MB, SHA-256 new=',
      'publish $LATEST, which has this code already',
      'give it all traffic at once',
    ]);
  });

  test.each([
    ['alias', { alias: undefined }],
    ['version behind it', { baseline: undefined }],
  ])('without an %s there is nothing to watch', (_, change) => {
    const inputs = someInputs();
    expect(planLines(inputs, { ...prepared({ inputs, isIn: undefined }), ...change, ...UNKNOWN })).toEqual([
      'package of 1.2 MB, SHA-256 new=',
      'update $LATEST and publish it',
      'create alias live on the new version: no baseline, no canary',
    ]);
  });

  test.each<[string, PackageView, string]>([
    ['a zip for a bucket', { ...ZIP, s3Uri: 's3://b/k.zip' }, 'package of 1.2 MB, SHA-256 new=, to s3://b/k.zip'],
    [
      'an object that is there',
      { ...ZIP, bytes: undefined, sha256: undefined, s3Uri: 's3://b/k.zip' },
      'package s3://b/k.zip',
    ],
    ['an image', { kind: 'image', uri: 'repo@sha256:d', digest: 'sha256:d' }, 'image repo@sha256:d'],
  ])('%s', (_, view, line) => {
    const inputs = someInputs();
    expect(planLines(inputs, { ...prepared({ inputs, view }), ...UNKNOWN })[0]).toBe(line);
  });
});
