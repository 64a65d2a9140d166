import type { ConnectionLike } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { installationOf } from '../../src/connection/installation.ts';

describe('the name of an installation', () => {
  it('is the beginning of the id of its namespace', async () => {
    const id = '3F2504E0-4f89-41d3-9a0c-0305e82c3301';
    expect(await installationOf(answering({ namespaceInfo: { id } }), 'default')).toBe('3f2504e04f89');
  });

  it('is asked of the operator where the server does not tell the id', async () => {
    const refused = Promise.reject(new Error('not allowed'));
    for (const answer of [{}, { namespaceInfo: { id: '../..' } }, refused])
      await expect(installationOf(answering(answer), 'mine')).rejects.toMatchObject({
        type: 'ConfigurationInvalid',
        message: expect.stringMatching(/namespace mine.*BRAID_INSTALLATION/),
      });
  });
});

function answering(answer: unknown): ConnectionLike {
  const workflowService = { describeNamespace: () => answer };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no more of it is asked
  return { workflowService } as unknown as ConnectionLike;
}
