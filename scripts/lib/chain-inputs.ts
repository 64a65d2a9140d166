import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { JsonObject } from '../../src/contracts/json.ts';
import { jsonObjectSchema } from '../../src/contracts/json-schemas.ts';

const labInputs = fileURLToPath(
  new URL('../../blueprints/hybrid-service-chain/inputs/lab.yaml', import.meta.url),
);

/**
 * Inputs of `hybrid-service-chain/chain.yaml` on the lab: what its machines need, and networks of its own.
 * `network`: the first two numbers of all addresses, `10.100`. `prefix`: what the names of the components'
 * deployments begin with.
 */
export async function chainInputs(network: string, prefix: string): Promise<JsonObject> {
  const machines = jsonObjectSchema.parse(parse(await readFile(labInputs, 'utf8')));
  return { ...machines, ...addresses(network), prefix };
}

function addresses(network: string): JsonObject {
  return {
    swarm_subnet: `${network}.100.0/24`,
    manager_address: `${network}.100.11`,
    worker_address: `${network}.100.12`,
    cluster_subnet: `${network}.101.0/24`,
    cluster_address: `${network}.101.2`,
    manager_cluster_address: `${network}.101.11`,
    worker_cluster_address: `${network}.101.12`,
    apache_subnet: `${network}.102.0/24`,
    apache_side_address: `${network}.102.2`,
    apache1_address: `${network}.102.11`,
    apache2_address: `${network}.102.12`,
  };
}
