import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { taskQueue } from '../../lab/worker.ts';
import { chainInputs } from '../../scripts/lib/chain-inputs.ts';
import { type Braid, createBraid } from '../../src/client/braid.ts';
import { entityId } from '../../src/contracts/entity.ts';
import { criticalPath } from './critical-path.ts';
import { addSizes, type HistorySize, historySize, readExecution } from './history.ts';
import type { OperationName, Side } from './side.ts';

export type BraidSideOptions = {
  readonly client: Client;
  readonly deployment: string;
  /** First two numbers of its addresses. */
  readonly network: string;
};

const outputsSchema = z.object({ load_balancer: z.object({ url: z.string() }) });

/** The chain by the workflows of a worker that runs. */
export function braidSide({ client, deployment, network }: BraidSideOptions): Side {
  const braid = createBraid({ client, taskQueue });
  const entities = ['', '-kubernetes', '-swarm'].map((part) => entityId(`${deployment}${part}`));
  return { name: 'braid', run, entry };

  async function run(operation: OperationName) {
    const execution = await execute(operation);
    return async () => ({
      path: criticalPath(await readExecution(client, execution)),
      history: addSizes([
        await historySize(client, execution),
        ...(await Promise.all(entities.map(entitySize))),
      ]),
    });
  }

  async function execute(operation: OperationName): Promise<string> {
    if (operation === 'heal' || operation === 'uninstall') {
      return finished(braid, operation, await braid.start(operation, { deployment }));
    }
    const blueprint = 'hybrid-service-chain/chain.yaml';
    const inputs = await chainInputs(network, deployment);
    return finished(braid, 'install', await braid.start('install', { deployment, blueprint, inputs }));
  }

  /** The record of a deployment, with all that was told to it so far. */
  async function entitySize(workflowId: string): Promise<HistorySize> {
    const { historyLength, historySize: bytes } = await client.workflow.getHandle(workflowId).describe();
    return { events: historyLength, bytes: bytes ?? 0 };
  }

  async function entry(): Promise<string> {
    const { outputs } = await braid.deployment(deployment);
    return outputsSchema.parse(outputs).load_balancer.url;
  }
}

async function finished(
  braid: Braid,
  kind: 'install' | 'heal' | 'uninstall',
  execution: string,
): Promise<string> {
  await braid.result(kind, execution);
  return execution;
}
