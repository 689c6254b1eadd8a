import type { RolloutRecord } from '../../src/model/record.ts';
import { MINUTE } from '../../src/model/time.ts';
import { toReportJson } from '../../src/report/document.ts';
import { run, type Printed } from '../../scripts/replay.ts';
import { publishedRecord, SHIFTED, turn } from '../report/records.ts';

/** Minutes of 900 and 100 invocations with so many errors of either; a dash stands for no traffic. */
export function minutesOf(...errors: (readonly [baseline: number, canary: number] | '-')[]): RolloutRecord['minutes'] {
  return errors.map((pair, index) => {
    const [baseline, canary] = pair === '-' ? [undefined, undefined] : pair;
    const counts = (invocations: number, bad: number | undefined) =>
      bad === undefined ? { invocations: 0, errors: 0 } : { invocations, errors: bad };
    return { start: SHIFTED + index * MINUTE, baseline: counts(900, baseline), canary: counts(100, canary) };
  });
}

/** A rollout at 10 % that ended as `over` says. */
export function recordOf(over: Partial<RolloutRecord>): RolloutRecord {
  return publishedRecord({
    shiftedAt: SHIFTED,
    timeline: [turn(0, 10, 'step', 'step 1 of 1')],
    result: 'promoted',
    reason: 'fine',
    ...over,
  });
}

export function replayReport(record: RolloutRecord | string, ...args: string[]): Promise<Printed> {
  const content = typeof record === 'string' ? record : toReportJson(record);
  return run(['report.json', ...args], { readFile: () => content, readInput: undefined });
}

export function replayLines(lines: readonly unknown[], ...args: string[]): Promise<Printed> {
  const content = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  return run(args, { readFile: () => '', readInput: () => Promise.resolve(content) });
}

/** One of those lines. */
export function line(minute: number, baseline: number, canary: number): object {
  return {
    minute,
    baseline: { invocations: 900, errors: baseline },
    canary: { invocations: 100, errors: canary },
  };
}
