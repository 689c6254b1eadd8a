import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { describe, expect, test } from '@jest/globals';
import type { Scenario } from '../../simulator/index.ts';
import { withBench } from './bench.ts';

const digest = `sha256:${'c3'.repeat(32)}`;
const scenario: Scenario = {
  images: [{ repository: 'shop', tag: 'next', digest }],
  runs: { 7: 'in_progress', 8: { status: 'completed', conclusion: 'cancelled' }, 9: 'completed' },
};

describe('DescribeImages', () => {
  test.each([{ imageTag: 'next' }, { imageDigest: digest }])('finds %j', async (id) => {
    await withBench(scenario, async ({ ecr }) => {
      const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'shop', imageIds: [id] }));
      expect(imageDetails).toMatchObject([{ imageDigest: digest, imageTags: ['next'], repositoryName: 'shop' }]);
    });
  });

  test.each([
    ['shop', 'ImageNotFoundException', /imageTag:'gone'/],
    ['other', 'RepositoryNotFoundException', /repository with name 'other' does not exist/],
  ])('in %s: %s', async (repositoryName, name, message) => {
    await withBench(scenario, async ({ ecr }) => {
      const asked = ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'gone' }] }));
      await expect(asked).rejects.toMatchObject({ name });
      await expect(asked).rejects.toThrow(message);
    });
  });
});

describe('workflow runs', () => {
  test.each([
    ['7', 200, { id: 7, status: 'in_progress', conclusion: null }],
    ['8', 200, { id: 8, status: 'completed', conclusion: 'cancelled' }],
    ['9', 200, { conclusion: 'success', html_url: 'https://github.com/acme/shop/actions/runs/9' }],
    ['10', 404, { message: 'Not Found' }],
  ])('run %s', async (id, status, body) => {
    await withBench(scenario, async ({ simulator }) => {
      const answer = await fetch(`${simulator.url}/github/repos/acme/shop/actions/runs/${id}`);
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject(body);
      expect(simulator.calls[0]).toMatchObject({ service: 'github', action: 'GetWorkflowRun', status });
    });
  });
});
