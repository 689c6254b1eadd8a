import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Before all tests: lets every simulator record what the action calls; `jest-teardown.js` looks at it. */
export default function setup() {
  process.env['SIMULATOR_RECORDING'] = mkdtempSync(join(tmpdir(), 'simulator-recording-'));
}
