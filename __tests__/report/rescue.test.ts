import { describe, expect, test } from '@jest/globals';
import { type Rescue, postAnnotation, renderRescue } from '../../src/report/rescue.ts';
import { expectSound } from './sound.ts';

const RESCUE: Rescue = {
  ...{ alias: 'live', functionName: 'checkout', region: 'eu-west-1', version: '8' },
  ...{ outcome: 'restored', text: 'It serves version 7', next: '' },
};

test.each([
  [RESCUE, 'Alias live of checkout was put back', 'It serves version 7.'],
  [
    { ...RESCUE, outcome: 'failed', next: 'Look\nat it' },
    'Alias live of checkout could not be put back',
    'It serves version 7.\nNext: Look at it.',
  ],
] as const)('the annotation of the post part: %#', (rescue, title, message) => {
  expect(postAnnotation(rescue, [])).toEqual({ title, message });
});

describe('warnings of the post part', () => {
  test('stand behind what was done to the alias', () => {
    const { message } = postAnnotation(RESCUE, ['the topic is gone']) ?? {};
    expect(message).toBe('It serves version 7.\nAlso: the topic is gone.');
  });

  test.each([undefined, { ...RESCUE, outcome: 'in-order' as const }])(
    'stand alone where it was in order: %#',
    (rescue) => {
      expect(postAnnotation(rescue, [])).toBeUndefined();
      expect(postAnnotation(rescue, ['one'])).toEqual({ title: 'After the step: a warning', message: 'one.' });
      const both = { title: 'After the step: 2 warnings', message: 'one.\ntwo.' };
      expect(postAnnotation(rescue, ['one', 'two'])).toEqual(both);
    },
  );
});

describe('the summary of the post part', () => {
  test('is one short section: what is so now, what to do, where to look', () => {
    const text = renderRescue(RESCUE);
    expect(text).toMatch(
      /^## ↩️ Alias `live` of `checkout` was put back\n\n> \[!WARNING\]\n> \*\*Now:\*\* It serves version 7\.\n>\n> \*\*Next:\*\* Find out/,
    );
    expect(text).toMatch(
      /\n\n\*\*AWS console:\*\* \[Log group\]\(<.*>\) · \[Version 8\]\(<.*>\) · \[Alias live\]\(<.*>\)\n$/,
    );
    expectSound(text);
  });

  test.each<[Rescue['outcome'], string]>([
    ['in-order', 'NOTE'],
    ['left', 'WARNING'],
    ['failed', 'CAUTION'],
  ])('%s: says what to do, and lets no markup in', (outcome, box) => {
    const text = renderRescue({ ...RESCUE, outcome, text: '<b>@all</b>', next: 'Look at `it`.' });
    expect(text).toMatch(/^## (✅|⚠️|❌) Alias `live` of `checkout` /);
    expect(text).toContain(`> [!${box}]\n`);
    expect(text).toContain('> **Next:** Look at `it`.');
    expect(text).not.toContain('<b>');
    expectSound(text);
  });

  test('knows a function by its ARN, and its partition', () => {
    const functionName = 'arn:aws-cn:lambda:cn-north-1:123456789012:function:checkout';
    const text = renderRescue({ ...RESCUE, functionName, region: 'cn-north-1', outcome: 'left' });
    expect(text).toContain('## ⚠️ Alias `live` of `checkout` was left');
    expect(text).toContain('https://cn-north-1.console.amazonaws.cn/lambda/');
    expect(text).not.toContain('**Next:**');
  });

  test('has no pages where there is no console', () => {
    expect(renderRescue({ ...RESCUE, region: 'us-iso-east-1' })).not.toContain('AWS console');
  });
});
