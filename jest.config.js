const whole = { statements: 100, branches: 100, functions: 100, lines: 100 };
/** What decides, and what writes to the alias and the function, must not hold a line that nothing has tried. */
const rollout = ['judge', 'decide', 'observe', 'act'].map((room) => `rollout/${room}`);
const core = ['inputs', 'model', 'errors', 'report', 'release', ...rollout];

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: 'tsconfig.json' }] },
  // Two cores of a busy machine, with coverage, take three times as long as an idle one.
  testTimeout: 20_000,
  testMatch: ['**/__tests__/**/*.test.ts'],
  // What the action calls in all tests is held against docs/iam-policy.json.
  globalSetup: './scripts/iam/jest-setup.js',
  globalTeardown: './scripts/iam/jest-teardown.js',
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: ['text-summary', 'html', 'json-summary'],
  coverageThreshold: Object.fromEntries(core.map((room) => [`./src/${room}/`, whole])),
};
