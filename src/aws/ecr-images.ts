import { DescribeImagesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { ActionFailure } from '../model/failure.ts';
import type { ImageRegistry } from '../release/ports.ts';
import { QUICK, clientConfig } from './clients.ts';
import type { Credentials } from './credentials.ts';
import { callAws } from './failures.ts';

/** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:tag`; the registry's suffix differs between partitions. */
const IMAGE_URI =
  /^(?<registryId>\d{12})\.dkr[.-]ecr(-fips)?\.(?<region>[a-z0-9-]+)\.[^/]+\/(?<repository>[^:@]+)(:(?<tag>[^:@]+))?(@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Private ECR registries, each asked in its own region. */
export class EcrImages implements ImageRegistry {
  #credentials: Credentials | undefined;

  constructor({ credentials }: { credentials?: Credentials | undefined } = {}) {
    this.#credentials = credentials;
  }

  async digestOf(uri: string): Promise<string> {
    const parts = IMAGE_URI.exec(uri)?.groups;
    if (parts?.['digest'] !== undefined) return parts['digest'];
    const { registryId, region, repository, tag = 'latest' } = parts ?? {};
    if (registryId === undefined || region === undefined || repository === undefined) throw notInEcr(uri);
    const command = new DescribeImagesCommand({
      registryId,
      repositoryName: repository,
      imageIds: [{ imageTag: tag }],
    });
    const call = { action: 'ecr:DescribeImages', subject: `image ${uri}`, region };
    const { imageDetails } = await callAws(call, () =>
      new ECRClient(clientConfig({ region, credentials: this.#credentials }, QUICK)).send(command),
    );
    const digest = imageDetails?.[0]?.imageDigest;
    if (digest === undefined) throw notInEcr(uri);
    return digest;
  }
}

function notInEcr(uri: string): ActionFailure {
  return new ActionFailure(
    `no image was found for ${uri}`,
    'Give image-uri as <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>, and push the tag before this step.',
  );
}
