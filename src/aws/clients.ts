import { Agent } from 'node:https';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SECOND } from '../model/time.ts';
import { VERSION } from '../model/version.ts';

/** What every client is made with. `requestTimeout`, ms: an attempt that takes longer is given up and made again. */
export function clientConfig(region: string, requestTimeout: number) {
  return {
    region,
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

export function createLambdaClient(region: string): LambdaClient {
  return new LambdaClient(clientConfig(region, QUICK));
}

/** For UpdateFunctionCode with the package in the request. */
export function createLambdaUploadClient(region: string): LambdaClient {
  return new LambdaClient(clientConfig(region, UPLOAD));
}

export function createCloudWatchClient(region: string): CloudWatchClient {
  return new CloudWatchClient(clientConfig(region, QUICK));
}
