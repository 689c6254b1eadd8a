import { describe, expect, test } from '@jest/globals';
import { renderSummary } from '../../src/report/summary.ts';
import { BEGAN, emptyRecord, publishedRecord } from './records.ts';

describe('what was deployed, with which settings', () => {
  test.each([
    [300, '300ms'],
    [1_500, '1.5s'],
  ])('shows a latency threshold of %d ms and the alarms', (latencyThreshold, shown) => {
    const { settings } = publishedRecord();
    const alarms = Array.from({ length: 22 }, (_, index) => `5xx | ${index}`);
    const facts = renderSummary(publishedRecord({ settings: settings && { ...settings, latencyThreshold, alarms } }));
    expect(facts).toContain(`| latency threshold | ${shown} |\n| latency tolerance | 5% (percentage points) |`);
    expect(facts).toContain('| alarms | <code>5xx &#124; 0</code>, ');
    expect(facts).toContain('19</code> and 2 more |');
    expect(facts).toContain('| pass margin | 1% (percentage points), with 95% confidence |');
    const few = renderSummary(publishedRecord({ settings: settings && { ...settings, alarms: ['one', 'two'] } }));
    expect(few).toContain('| alarms | `one`, `two` |');
  });

  test('shows an image, a second attempt, limits and steps beyond counting', () => {
    const steps = Array.from({ length: 30 }, (_, index) => ({ weight: index + 1, dwell: 60_000 }));
    const base = publishedRecord();
    const summary = renderSummary({
      ...base,
      package: { kind: 'image', uri: 'acme/shop:1.2', digest: 'sha256:4f2c' },
      run: base.run && { ...base.run, attempt: 2 },
      settings: base.settings && { ...base.settings, maxErrorRate: 0.05 },
      strategy: { name: 'many', steps, pace: 'fixed' },
    });
    expect(summary).toContain('| image | `acme/shop:1.2` |\n| digest | `sha256:4f2c` |');
    expect(summary).toContain(', attempt 2, commit `4f2c9b1d7a6e`');
    expect(summary).toContain('| highest error rate | 5.00% |');
    expect(summary).toContain('20% 1m → … → 100% |');
  });

  test.each([
    [812, undefined, 'zip, 812 B |\n| code SHA-256 |'],
    [4_214_301, 's3://builds/lambda/checkout/a.zip', 'zip, 4.2 MB |'],
  ])('shows a package of %d bytes', (bytes, s3Uri, expected) => {
    const summary = renderSummary(publishedRecord({ package: { kind: 'zip', sha256: 'abc=', bytes, s3Uri } }));
    expect(summary).toContain(expected);
    expect(summary.includes('| uploaded to | `s3://builds/')).toBe(s3Uri !== undefined);
  });

  test('says nothing about the size and hash of an object that Lambda has not taken yet', () => {
    const s3Uri = 's3://builds/ready.zip';
    const zip = { kind: 'zip', sha256: undefined, bytes: undefined, s3Uri } as const;
    const summary = renderSummary(publishedRecord({ package: zip }));
    expect(summary).toContain('| package | zip |\n| uploaded to | `s3://builds/ready.zip` |');
    expect(summary).not.toContain('SHA-256');
  });

  test('says when a minute was final, which may be later than metric-delay', () => {
    const { settings } = publishedRecord();
    const summary = renderSummary(publishedRecord({ settings: settings && { ...settings, finalAge: 360_000 } }));
    expect(summary).toContain('| read every | 30s; a minute is final after 6m |');
  });

  test('begins where its clock did', () => {
    expect(renderSummary(emptyRecord({ startedAt: BEGAN }))).toContain('| began | 2026-03-04 10:00:30 UTC |');
  });
});
