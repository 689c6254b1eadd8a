import { describe, expect, test } from '@jest/globals';
import { type Rescue, renderRescue } from '../../src/report/rescue.ts';
import { expectSound } from './sound.ts';

const RESCUE: Rescue = { alias: 'live', functionName: 'checkout', outcome: 'restored', text: 'It serves 3', next: '' };

describe('the summary of the post part', () => {
  test('is one short section', () => {
    const text = renderRescue(RESCUE);
    expect(text).toBe('## ↩️ Alias `live` of `checkout` was put back\n\nIt serves 3.\n');
    expectSound(text);
  });

  test.each(['in-order', 'left', 'failed'] as const)('%s: says what to do, and lets no markup in', (outcome) => {
    const text = renderRescue({ ...RESCUE, outcome, text: '<b>@all</b>', next: 'Look at it.' });
    expect(text).toMatch(/^## (✅|⚠️|❌) Alias `live` of `checkout` /);
    expect(text).toContain('**Next:** Look at it.');
    expect(text).not.toContain('<b>');
    expectSound(text);
  });
});
