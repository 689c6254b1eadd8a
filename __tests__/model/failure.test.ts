import { expect, test } from '@jest/globals';
import { Cancelled } from '../../src/model/failure.ts';

test('what stopped a run before the first shift is named', () => {
  expect(new Cancelled().message).toBe('the job was cancelled before any traffic was shifted');
  expect(new Cancelled('a fault').message).toBe('a fault before any traffic was shifted');
});
