import type { Requirements } from '../../contracts/activities.ts';
import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import type { Plan } from '../../contracts/plan.ts';

export const nothingRequired: Requirements = { deployments: [], machines: false };

/**
 * What a new deployment needs before anything of it is made. Of its proxies those that wait for nothing: others
 * may stand for what this very install makes.
 */
export function requirementsOf({ nodes }: Plan): Requirements {
  const all = Object.values(nodes);
  const proxies = all.filter(
    ({ typeHierarchy, relationships }) => typeHierarchy.includes(proxy) && relationships.length === 0,
  );
  return {
    deployments: proxies.flatMap(({ properties }) => {
      const deployment = deploymentOf(properties);
      return deployment === undefined
        ? []
        : [{ deployment, outputs: textsIn(properties['inherit_outputs']) }];
    }),
    machines: all.some(({ operations }) =>
      Object.values(operations).some(({ implementation }) => implementation.startsWith('machines.')),
    ),
  };
}

const proxy = 'cloudify.nodes.DeploymentProxy';

/** Undefined also when it is known only at run time. */
function deploymentOf({ deployment_id: id, resource_config: resource }: JsonObject): string | undefined {
  const { deployment } = isJsonObject(resource) ? resource : {};
  const { id: alternative } = isJsonObject(deployment) ? deployment : {};
  return [id, alternative].flatMap((each) => (typeof each === 'string' && each !== '' ? [each] : []))[0];
}

function textsIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
