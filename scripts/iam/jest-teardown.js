import { rmSync } from 'node:fs';

/** Whether nothing was picked: only then can a permission that was not used be told from a test that did not run. */
function isWholeSuite({ nonFlagArgs = [], testPathPatterns, ...config }) {
  const picked = nonFlagArgs.length + (testPathPatterns?.patterns.length ?? 0) > 0;
  const { testNamePattern, onlyChanged, onlyFailures, shard, watch, watchAll } = config;
  return !picked && ![testNamePattern, onlyChanged, onlyFailures, shard, watch, watchAll].some(Boolean);
}

/** After all tests: fails the run when the policies and what was called do not agree. */
export default async function teardown(globalConfig) {
  const folder = process.env['SIMULATOR_RECORDING'] ?? '';
  const { checkRecording } = await import('./check.ts');
  const { problems, words } = checkRecording(folder, isWholeSuite(globalConfig));
  rmSync(folder, { recursive: true, force: true });
  console.error(words);
  if (problems === 0) return;
  // Not thrown: Jest would leave no results.
  process.exitCode = 1;
}
