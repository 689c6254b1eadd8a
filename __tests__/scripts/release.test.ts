import { describe, expect, test } from '@jest/globals';
import { type Sources, releaseNotes, releaseProblems, run } from '../../scripts/release.ts';

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- Not yet.

## [1.2.3] - 2026-01-31

### Fixed

- One thing.

## [1.2.2]

[Unreleased]: https://example.com/compare
[1.2.3]: https://example.com/1.2.3
`;

const SOURCES: Sources = {
  packageJson: '{"version": "1.2.3"}',
  packageLock: '{"version": "1.2.3"}',
  versionModule: "export const VERSION = '1.2.3';\n",
  changelog: CHANGELOG,
};

describe('releaseProblems', () => {
  test('none when everything agrees', () => {
    expect(releaseProblems('1.2.3', SOURCES)).toEqual([]);
  });

  test.each(['', 'v1.2.3', '1.2', '1.2.3.4', '1.2.3-rc.1', '01.2.3', '1.2.3\n', '$(id)'])(
    '%j is no version',
    (text) => {
      expect(releaseProblems(text, SOURCES)).toEqual([
        `"${text}" is no version. Expected three numbers such as 1.2.3.`,
      ]);
    },
  );

  test('names every source that says something else', () => {
    const other = { packageJson: '{}', packageLock: '{"version": "1.2.2"}', versionModule: 'export {};' };
    expect(releaseProblems('1.2.3', { ...SOURCES, ...other })).toEqual([
      'package.json says no version, not 1.2.3.',
      'package-lock.json says 1.2.2, not 1.2.3.',
      'src/model/version.ts says no version, not 1.2.3.',
    ]);
  });

  test.each([
    ['no section', CHANGELOG.replace('[1.2.3] -', '[1.2.33] -'), ['CHANGELOG.md has no section for 1.2.3.']],
    ['no date', CHANGELOG.replace(' - 2026-01-31', ' - soon'), ['CHANGELOG.md gives 1.2.3 no date.']],
    [
      'nothing in it',
      '## [1.2.3]\n\n[1.2.3]: https://example.com\n',
      ['CHANGELOG.md gives 1.2.3 no date.', 'CHANGELOG.md says nothing about 1.2.3.'],
    ],
  ])('changelog with %s', (_, changelog, problems) => {
    expect(releaseProblems('1.2.3', { ...SOURCES, changelog })).toEqual(problems);
  });
});

describe('releaseNotes', () => {
  test('the section without its heading and without its neighbours', () => {
    expect(releaseNotes('1.2.3', CHANGELOG)).toBe('### Fixed\n\n- One thing.');
  });

  test('without the links at the end', () => {
    expect(releaseNotes('1.2.2', CHANGELOG)).toBe('');
  });

  test('of a version that is not there', () => {
    expect(() => releaseNotes('9.9.9', CHANGELOG)).toThrow('CHANGELOG.md has no section for 9.9.9.');
  });
});

describe('run', () => {
  test.each([
    [['check', '1.2.3'], { ok: true, lines: ['1.2.3 agrees.'] }],
    [['notes', '1.2.3'], { ok: true, lines: ['### Fixed\n\n- One thing.'] }],
    [['notes', '1.2'], { ok: false, lines: ['"1.2" is no version. Expected three numbers such as 1.2.3.'] }],
    [['publish', '1.2.3'], { ok: false, lines: ['Usage: node scripts/release.ts check|notes VERSION'] }],
    [['check', '1.2.3', 'more'], { ok: false, lines: ['Usage: node scripts/release.ts check|notes VERSION'] }],
    [[], { ok: false, lines: ['Usage: node scripts/release.ts check|notes VERSION'] }],
  ])('%j', (args, outcome) => {
    expect(run(args, SOURCES)).toEqual(outcome);
  });
});
