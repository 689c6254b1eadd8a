import type { Frame } from '../scenario.ts';
import { constraint } from './errors.ts';

const NAME =
  /^(?:(?:arn:(aws[a-zA-Z-]*):lambda:([a-z0-9-]+):)?(?:(\d{12}):)?(?:function:))?([a-zA-Z0-9-_]+)(?::(.+))?$/;

/** What a `FunctionName` parameter says. */
export interface NamedFunction {
  readonly name: string;
  readonly qualifier: string | undefined;
  /** False when the ARN names another Region or account. */
  readonly here: boolean;
}

/** Reads a name, a partial ARN or an ARN, each with or without a qualifier. */
export function readFunctionName(value: string, frame: Frame): NamedFunction {
  const match = NAME.exec(value);
  if (match === null) {
    throw constraint(value, 'functionName', 'Member must satisfy regular expression pattern of a function name or ARN');
  }
  const [, , region, account, name = '', qualifier] = match;
  const here = (region ?? frame.region) === frame.region && (account ?? frame.accountId) === frame.accountId;
  return { name, qualifier, here };
}

export function functionArn(frame: Frame, name: string, qualifier?: string): string {
  const suffix = qualifier === undefined ? '' : `:${qualifier}`;
  return `arn:aws:lambda:${frame.region}:${frame.accountId}:function:${name}${suffix}`;
}

export function registryOf(frame: Frame): string {
  return `${frame.accountId}.dkr.ecr.${frame.region}.amazonaws.com`;
}
