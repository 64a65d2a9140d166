import { afterEach, expect, it } from 'vitest';
import type { Cluster } from '../../../src/activities/kubernetes/cluster/cluster.ts';
import { waitServed } from '../../../src/activities/kubernetes/wait.ts';
import { served, stopServers } from '../../support/kubernetes-server.ts';

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.acme.example' },
  spec: {
    group: 'acme.example',
    names: { kind: 'Widget' },
    versions: [
      { name: 'v1', served: true },
      { name: 'v1alpha1', served: false },
    ],
  },
};
const never = new AbortController().signal;

afterEach(stopServers);

/** Answers the question for the kinds of acme.example/v1 as the list says, then always as its last. */
async function serving(answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const cluster = await served((request, response) => {
    const url = request.url ?? '';
    if (url.includes('watch=')) return;
    const isDefinition = url.startsWith('/apis/apiextensions.k8s.io');
    if (!isDefinition) asked.push(url);
    const kinds = isDefinition
      ? ['CustomResourceDefinition']
      : answers[Math.min(asked.length, answers.length) - 1];
    const resources = kinds?.map((kind) => ({ kind, name: `${kind.toLowerCase()}s`, namespaced: true }));
    response.end(JSON.stringify({ resources }));
  });
  return { cluster, asked };
}

async function wait(cluster: Cluster, within: number): Promise<void> {
  const tools = { signal: never, heartbeat: () => undefined };
  await waitServed({ cluster, owner: undefined, tools, within }, definition);
}

it('the kinds of a definition are waited for until the cluster serves them', async () => {
  const { cluster, asked } = await serving([[], [], ['Widget']]);
  await wait(cluster, 30);
  expect(asked).toEqual(['/apis/acme.example/v1', '/apis/acme.example/v1', '/apis/acme.example/v1']);
});

it('a kind that was served before its definition was deleted is asked for again', async () => {
  const { cluster, asked } = await serving([['Widget'], [], ['Widget']]);
  await wait(cluster, 30);
  await wait(cluster, 30);
  expect(asked).toHaveLength(3);
});

it('a kind that is never served is told', async () => {
  const { cluster } = await serving([['Gadget']]);
  await expect(wait(cluster, 0)).rejects.toMatchObject({
    type: 'NotReady',
    nonRetryable: false,
    message: expect.stringContaining('Widget of acme.example/v1 not served yet'),
  });
});
