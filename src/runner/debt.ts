import * as core from '@actions/core';
import { type ZodMiniType, enum as oneOf, number, object, optional, record, safeParse, string } from 'zod/mini';
import type { Debt } from '../announce/ports.ts';

const facts = {
  command: string(),
  functionName: string(),
  alias: string(),
  region: string(),
  repository: string(),
  runUrl: string(),
  sha: string(),
  id: string(),
};

const status = object({
  state: oneOf(['in_progress', 'success', 'failure', 'error', 'inactive']),
  description: string(),
});

const notice = object({
  subject: string(),
  message: string(),
  attributes: record(string(), string()),
  group: string(),
  id: string(),
});

/** What `main` leaves for `post` to tell. */
const debt = object({
  facts: object(facts),
  deployment: maybe(object({ ...facts, environment: string(), runId: number(), attempt: number() })),
  status: maybe(status),
  topicArn: maybe(string()),
  notice: maybe(notice),
});

function maybe<T>(schema: ZodMiniType<T>) {
  return optional(schema);
}

const KEY = 'announcements';

/** The last one counts. What cannot be saved is not made up for: reporting stops nothing. */
export function saveDebt(owed: Debt | undefined): void {
  try {
    core.saveState(KEY, owed === undefined ? '' : JSON.stringify(owed));
  } catch {
    // A full disk: what `post` has to put back is saved on the same one, and its failure is told.
  }
}

/** undefined: everything was told, or what was left cannot be read. */
export function loadDebt(): Debt | undefined {
  const text = core.getState(KEY);
  if (text === '') return undefined;
  try {
    const { data } = safeParse(debt, JSON.parse(text));
    if (data === undefined) return undefined;
    const { deployment, status: last, topicArn, notice: left } = data;
    return { facts: data.facts, deployment, status: last, topicArn, notice: left };
  } catch {
    return undefined;
  }
}
