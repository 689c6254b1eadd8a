import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RolloutRecord } from '../../src/model/record.ts';
import { consoleOf, dollars, tilde } from '../../src/report/console.ts';
import { linksOf, pagesOf, renderLinks } from '../../src/report/links.ts';
import { emptyRecord, publishedRecord, SHIFTED, trafficMinutes } from './records.ts';
import { STATES } from './states.ts';

const rolledBack: RolloutRecord = STATES['rolled-back'] ?? emptyRecord();

function urlOf(record: RolloutRecord, label: string): string {
  return linksOf(record).find((link) => link.label === label)?.url ?? '';
}

describe('the console', () => {
  test.each([
    ['aws', 'eu-west-1', 'https://eu-west-1.console.aws.amazon.com'],
    ['aws', 'ap-southeast-7', 'https://ap-southeast-7.console.aws.amazon.com'],
    ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn'],
    ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com'],
    ['aws-eusc', 'eusc-de-east-1', 'https://eusc-de-east-1.console.amazonaws-eusc.eu'],
    ['aws-iso', 'us-iso-east-1', undefined],
    ['aws-iso-b', 'us-isob-east-1', undefined],
    ['aws-iso-e', 'eu-isoe-west-1', undefined],
    ['aws-iso-f', 'us-isof-south-1', undefined],
    ['aws-new', 'xx-new-1', undefined],
  ])('of partition %s, region %s: %s', (partition, region, expected) => {
    const functionArn = `arn:${partition}:lambda:${region}:123456789012:function:checkout`;
    expect(consoleOf({ functionArn, region })).toBe(expected);
    if (partition !== 'aws-new') expect(consoleOf({ functionArn: undefined, region })).toBe(expected);
  });

  test.each(['', 'somewhere', 'eu-west-1.evil.com/', 'EU-WEST-1', 'eu-west-1)'])('of region %j: none', (region) => {
    expect(consoleOf({ functionArn: undefined, region })).toBeUndefined();
    expect(consoleOf({ functionArn: 'arn:aws:lambda:x', region })).toBeUndefined();
  });

  test('its notations', () => {
    expect(tilde({ a: 'x/y z', b: [1, true, 'é', '☃'], c: {} })).toBe("~(a~'x*2fy*20z~b~(~1~true~'*e9~'**2603)~c~())");
    expect(dollars("/aws/lambda/it's")).toBe('$252Faws$252Flambda$252Fit$2527s');
  });
});

describe('links', () => {
  test('to the metrics of both versions, over the time in question', () => {
    const url = urlOf(rolledBack, 'Metrics of both versions');
    expect(url).toMatch(
      /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/cloudwatch\/home\?region=eu-west-1#metricsV2\?graph=~\(metrics~\(/,
    );
    expect(url).toContain("~(~(expression~'100*2ae8*2fi8~label~'errors*20of*20version*208*2c*20*25~id~'r8))");
    expect(url).toContain(
      "~(~'AWS*2fLambda~'Errors~'FunctionName~'checkout~'Resource~'checkout*3alive~'ExecutedVersion~'7~(id~'e7~visible~false))",
    );
    expect(url).toContain("~start~'2026-03-04T09*3a51*3a00.000Z~end~'2026-03-04T10*3a13*3a00.000Z)");
  });

  test("to the canary's log, the log group, the version and the alias", () => {
    expect(urlOf(rolledBack, 'Log of version 8')).toContain(
      "#logsV2:logs-insights$3FqueryDetail$3D~(start~'2026-03-04T09*3a51*3a00.000Z~end~'2026-03-04T10*3a13*3a00.000Z~timeType~'ABSOLUTE",
    );
    expect(urlOf(rolledBack, 'Log of version 8')).toContain('filter*20*40logStream*20like*20*22*5b8*5d*22');
    expect(urlOf(rolledBack, 'Log of version 8')).toContain("~source~(~'*2faws*2flambda*2fcheckout))");
    const canaryErrors = { logGroup: 'shop/checkout', scanned: 0, groups: [] };
    expect(urlOf({ ...rolledBack, canaryErrors }, 'Log group')).toMatch(
      /#logsV2:log-groups\/log-group\/shop\$252Fcheckout$/,
    );
    expect(urlOf(rolledBack, 'Version 8')).toMatch(
      /\/lambda\/home\?region=eu-west-1#\/functions\/checkout\/versions\/8$/,
    );
    expect(urlOf(rolledBack, 'Alias live')).toMatch(/#\/functions\/checkout\/aliases\/live$/);
  });

  test('after a rollback that was asked for: to the log of the version that lost the traffic', () => {
    const record = STATES['rollback-done'] ?? emptyRecord();
    const labels = (over: Partial<RolloutRecord> = {}): string[] =>
      linksOf({ ...record, ...over }).map(({ label }) => label);
    expect(labels()).toEqual(expect.arrayContaining(['Metrics of both versions', 'Log of version 7', 'Version 7']));
    expect(labels({ previousVersion: undefined })).toEqual(expect.arrayContaining(['Metrics', 'Log of version 6']));
  });

  test('have labels that are no markup', () => {
    expect(renderLinks(linksOf({ ...rolledBack, alias: '__live__' }))).toContain('[Alias &#95;&#95;live&#95;&#95;](<');
  });

  test('cover what was measured where only that is known', () => {
    const record = publishedRecord({ shiftedAt: SHIFTED, endedAt: undefined, minutes: trafficMinutes({ length: 3 }) });
    expect(urlOf(record, 'Metrics of both versions')).toContain("~end~'2026-03-04T10*3a09*3a00.000Z)");
    expect(urlOf({ ...record, minutes: [] }, 'Metrics of both versions')).toContain(
      "~end~'2026-03-04T10*3a07*3a00.000Z)",
    );
  });

  test('are those of one version where there is one, and have no version where there is none', () => {
    const labels = (over: Partial<RolloutRecord>): string[] =>
      linksOf({ ...rolledBack, ...over }).map(({ label }) => label);
    expect(labels({ previousVersion: undefined })[0]).toBe('Metrics');
    expect(labels({ previousVersion: '8' })[0]).toBe('Metrics');
    expect(labels({ previousVersion: undefined, version: '$LATEST' })).toEqual(['Log group', 'Alias live']);
    expect(labels({ startedAt: Number.NaN, shiftedAt: undefined, minutes: [] })).toEqual([
      'Log group',
      'Version 8',
      'Alias live',
    ]);
  });

  test.each<[string, Partial<RolloutRecord>]>([
    ['a function that nobody has seen', { functionArn: undefined }],
    ['a name that is none', { functionName: 'a)b' }],
    ['an alias that is none', { alias: 'x y' }],
    ['a region that is none', { region: '' }],
  ])('are none for %s', (_, over) => {
    expect(linksOf({ ...rolledBack, ...over })).toEqual([]);
    expect(renderLinks(linksOf({ ...rolledBack, ...over }))).toBeUndefined();
  });

  test('hold nothing that ends them in Markdown, whatever the log group is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (logGroup) => {
        for (const { url } of pagesOf({ ...rolledBack, logGroup })) expect(url).toMatch(/^https:\/\/[\w.\-/?=#:$]+$/);
        const record = { ...rolledBack, canaryErrors: { logGroup, scanned: 0, groups: [] } };
        for (const { url } of linksOf(record)) expect(url).not.toMatch(/[<>\s|\\`]/);
      }),
      { seed: 22, numRuns: 200 },
    );
  });
});
