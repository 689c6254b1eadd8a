const whole = { statements: 100, branches: 100, functions: 100, lines: 100 };
/** The pure core: what decides must not hold a line that nothing has tried. */
const core = ['inputs', 'model', 'report', 'rollout/judge', 'rollout/decide', 'rollout/observe'];

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: 'tsconfig.json' }] },
  testMatch: ['**/__tests__/**/*.test.ts'],
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: ['text-summary', 'html', 'json-summary'],
  coverageThreshold: Object.fromEntries(core.map((room) => [`./src/${room}/`, whole])),
};
