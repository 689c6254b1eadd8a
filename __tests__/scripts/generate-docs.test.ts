import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generateDocs, run } from '../../scripts/generate-docs.ts';

const ACTION = `name: x
inputs:
  name:
    description: Who it is.
    required: true
  mode:
    description: 'One of \`a|b\`.'
    default: a|b
  note:
    description: Free text.

outputs:
  result:
    description: How it ended.

runs:
  using: node24
`;

const README =
  '# x\n<!-- inputs:start -->\nold\n<!-- inputs:end -->\ntext\n<!-- outputs:start --><!-- outputs:end -->\nend\n';

const WANTED = `# x
<!-- inputs:start -->

| Input  | Default      | Meaning        |
| ------ | ------------ | -------------- |
| \`name\` | **required** | Who it is.     |
| \`mode\` | \`a\\|b\`       | One of \`a\\|b\`. |
| \`note\` |              | Free text.     |

<!-- inputs:end -->
text
<!-- outputs:start -->

| Output   | Value         |
| -------- | ------------- |
| \`result\` | How it ended. |

<!-- outputs:end -->
end
`;

describe('generateDocs', () => {
  test('fills both tables and leaves the rest', () => {
    expect(generateDocs(README, ACTION)).toBe(WANTED);
  });

  test('doing it again changes nothing', () => {
    expect(generateDocs(WANTED, ACTION)).toBe(WANTED);
  });

  test.each([
    ['missing', README.replace('<!-- inputs:start -->', '')],
    ['in the wrong order', '<!-- inputs:end --><!-- inputs:start -->'],
    ['twice', `${README}<!-- inputs:start -->`],
    ['ended twice', README.replace('<!-- inputs:end -->', '<!-- inputs:end --><!-- inputs:end -->')],
  ])('markers %s', (_, readme) => {
    const message = 'README.md needs the markers <!-- inputs:start --> and <!-- inputs:end -->, in this order, once';
    expect(() => generateDocs(readme, ACTION)).toThrow(message);
  });
});

describe('run', () => {
  let directory = '';
  const at = (name: string): string => join(directory, name);
  const files = (check: boolean): Parameters<typeof run>[0] => ({
    readme: at('README.md'),
    actionYml: at('action.yml'),
    check,
  });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'docs-'));
    writeFileSync(at('action.yml'), ACTION);
    writeFileSync(at('README.md'), README);
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  test('only compares with check, else writes', () => {
    expect(run(files(true))).toBe(false);
    expect(readFileSync(at('README.md'), 'utf8')).toBe(README);
    expect(run(files(false))).toBe(true);
    expect(readFileSync(at('README.md'), 'utf8')).toBe(WANTED);
    expect(run(files(true))).toBe(true);
  });
});
