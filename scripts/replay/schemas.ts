import {
  array,
  type core,
  int,
  literal,
  minimum,
  nullable,
  number,
  object,
  pipe,
  refine,
  string,
  transform,
  type ZodMiniType,
} from 'zod/mini';
import { MINUTE } from '../../src/model/time.ts';

/** Messages of our own: `zod/mini` comes without any. */
export const text = string({ error: 'is not a text' });
export const amount = number({ error: 'is not a number' }).check(minimum(0, 'is negative'));
const whole = int({ error: 'is not a whole number' }).check(minimum(0, 'is negative'));

/** An object, with the message for what is none. */
export function shape<T extends core.$ZodShape>(fields: T) {
  return object(fields, { error: 'is missing, or not an object' });
}

export function list<T extends core.SomeType>(item: T) {
  return array(item, { error: 'is missing, or not a list' });
}

/** What a report writes as null. */
export function maybe<T>(schema: ZodMiniType<T>) {
  return pipe(
    nullable(schema),
    transform((value: T | null) => value ?? undefined),
  );
}

/** ISO 8601 as epoch ms. */
export const time = pipe(
  text.check(refine((value) => !Number.isNaN(Date.parse(value)), 'is not a time')),
  transform((value: string) => Date.parse(value)),
);

export const counts = shape({ invocations: amount, errors: amount });

/** A minute as a report has it. */
export const minute = shape({
  start: time.check(refine((at) => at % MINUTE === 0, 'is not the start of a minute')),
  baseline: counts,
  canary: counts,
});

const observed = shape({ invocations: whole, errors: whole }).check(
  refine(({ invocations, errors }) => errors <= invocations, 'has more errors than invocations'),
);

/** A minute as a line of JSON has it, counted from the first shift. */
export const line = shape({ minute: whole, baseline: observed, canary: observed });

/** The version of the report's format. */
export const version = literal(1, { error: 'is not 1, the only version that can be read' });

/** `minutes.3.canary.errors is negative`, for each issue. */
export function describeIssues(issues: readonly core.$ZodIssue[]): readonly string[] {
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`.trim());
}
