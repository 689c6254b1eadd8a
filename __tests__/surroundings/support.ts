import type { ResourcePolicy, Surroundings } from '../../src/surroundings/ports.ts';

export const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:shop';

/** Surroundings in which there is nothing but what is given. */
export function surroundings(found: Partial<Surroundings> = {}): Surroundings {
  return { eventSources: [], urls: [], policies: [], tags: {}, reach: undefined, denied: [], unread: [], ...found };
}

/** A policy whose statements let S3 invoke what it is on, each changed. */
export function grants(qualifier: string | undefined, ...statements: readonly object[]): ResourcePolicy {
  const usual = {
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: qualifier === undefined ? FUNCTION : `${FUNCTION}:${qualifier}`,
  };
  return { qualifier, text: JSON.stringify({ Statement: statements.map((one) => ({ ...usual, ...one })) }) };
}
