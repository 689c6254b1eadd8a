import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Checkpoint } from '../../bench/checkpoint.ts';
import { type Job, carryOut } from '../../bench/job.ts';

const JOB: Job = { cell: 'A1 +100 1k rpm 0.1%', from: 0, to: 2, seed: 1, plan: 'steady' };

test('what was done is found again, times that never came included', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'checkpoint-')), 'jobs');
  const tallies = carryOut(JOB);
  expect(Object.values(tallies).some(({ promotedAfter }) => promotedAfter.includes(Infinity))).toBe(true);
  new Checkpoint(path).add(JOB, tallies);
  const again = new Checkpoint(path);
  expect(again.find(JOB)).toEqual(tallies);
  expect(again.find({ ...JOB, seed: 2 })).toBeUndefined();
});

test('without a path nothing is kept', () => {
  const checkpoint = new Checkpoint(undefined);
  checkpoint.add(JOB, {});
  expect(checkpoint.find(JOB)).toBeUndefined();
});
