import { Agent } from 'node:https';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SECOND } from '../model/time.ts';
import type { Credentials } from './credentials.ts';
import { VERSION } from '../model/version.ts';

/** Where the clients of a command go, and as whom; without `credentials` as the environment says. */
export interface Access {
  readonly region: string;
  readonly credentials?: Credentials | undefined;
}

/** What every client is made with. `requestTimeout`, ms: an attempt that takes longer is given up and made again. */
export function clientConfig({ region, credentials }: Access, requestTimeout: number) {
  return {
    region,
    ...(credentials === undefined ? {} : { credentials }),
    // The SDK's own back-off between attempts doubles up to 20 s and honours retry-after; ten attempts outlast a minute of throttling.
    retryMode: 'standard',
    maxAttempts: 10,
    customUserAgent: [['lambda-canary-deploy', VERSION]] as [string, string][],
    requestHandler: {
      connectionTimeout: 5 * SECOND,
      requestTimeout,
      throwOnRequestTimeout: true,
      // The SDK ignores HTTPS_PROXY; Node's own agent honours it when asked to.
      httpsAgent: new Agent({ keepAlive: true, proxyEnv: process.env }),
    },
  };
}

/** For reading and for small writes, ms. */
export const QUICK = 10 * SECOND;
/** For 50 MB in the body of a request over a slow line, ms. */
export const UPLOAD = 5 * 60 * SECOND;

export function createLambdaClient(access: Access): LambdaClient {
  return new LambdaClient(clientConfig(access, QUICK));
}

/** How long one attempt to bring an alias back may take, ms: a request that hangs is better made again. */
const URGENT = 2 * SECOND;

/**
 * For bringing an alias back. One short attempt a call: whoever calls tries again on the clock that knows how much time there
 * is, instead of waiting in the SDK. Connections of its own, so that nothing that hangs stands in the way.
 */
export function createUrgentLambdaClient(access: Access): LambdaClient {
  const config = clientConfig(access, URGENT);
  return new LambdaClient({
    ...config,
    maxAttempts: 1,
    requestHandler: { ...config.requestHandler, connectionTimeout: URGENT },
  });
}

/** For looks that a deployment can do without: where AWS is busy, they make it no busier. */
export function createLookingLambdaClient(access: Access): LambdaClient {
  return new LambdaClient({ ...clientConfig(access, QUICK), maxAttempts: 2 });
}

/** For UpdateFunctionCode with the package in the request. */
export function createLambdaUploadClient(access: Access): LambdaClient {
  return new LambdaClient(clientConfig(access, UPLOAD));
}

/** Longer than any invocation can take, ms (Lambda developer guide, "Lambda quotas": 15 minutes). */
const LONGEST_INVOCATION = 20 * 60 * SECOND;

/** For invoking a function and waiting for its answer. One attempt a call: what has run once is not run again by itself. */
export function createInvokeClient(access: Access): LambdaClient {
  return new LambdaClient({ ...clientConfig(access, LONGEST_INVOCATION), maxAttempts: 1 });
}

export function createCloudWatchClient(access: Access): CloudWatchClient {
  return new CloudWatchClient(clientConfig(access, QUICK));
}
