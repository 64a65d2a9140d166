import type { Json } from '../../contracts/json.ts';
import type { InstanceRecord } from '../../contracts/record.ts';
import {
  EvaluationError,
  follow,
  followValue,
  type Found,
  type Path,
  type RuntimeScope,
} from '../../language/functions/index.ts';
import { ownSecret } from '../../contracts/secret-names.ts';
import { attributeOf, instanceMeant } from './attributes.ts';
import { instanceOf, type Run } from './run.ts';

/** Whose expression is evaluated: a node instance's, a relationship's, or (neither) an output. */
export type Viewpoint = { readonly self?: string; readonly source?: string; readonly target?: string };

/** What a deployment offers is asked for, and was not read yet. */
export class CapabilityUnread extends EvaluationError {
  readonly deployment: string;
  constructor(deployment: string) {
    super(`What the deployment ${deployment} offers was not read.`);
    this.deployment = deployment;
  }
}

/** Lets `evaluate` see the deployment from one place in it. What other deployments offer is loaded before. */
export function scopeOf(run: Run, viewpoint: Viewpoint): RuntimeScope {
  const ids = [viewpoint.self, viewpoint.source, viewpoint.target];
  const readers = ids.flatMap((id) => (id === undefined ? [] : instanceOf(run, id)));
  return {
    attribute: (reference, path) => attributeOf(run, referred(reference).id, path) ?? nothing,
    property: (reference, path) => follow(propertiesOf(reference), path),
    capability: (deployment, path) => capability(run, deployment, path),
    attributes: (reference, path) => {
      const node = nodeName(reference);
      const instances = [...run.journal.instances.values()].filter((instance) => instance.node === node);
      return Object.fromEntries(instances.map(({ id }) => [id, attributeOf(run, id, path) ?? nothing]));
    },
    secretName: ownSecret,
  };

  function referred(reference: string): InstanceRecord {
    const byRole = { SELF: viewpoint.self, SOURCE: viewpoint.source, TARGET: viewpoint.target };
    if (reference === 'SELF' || reference === 'SOURCE' || reference === 'TARGET') {
      const id = byRole[reference];
      if (id === undefined) throw new EvaluationError(`${reference} means nothing here.`);
      return instanceOf(run, id);
    }
    return instanceMeant(run, reference, readers);
  }

  function nodeName(reference: string): string {
    return ['SELF', 'SOURCE', 'TARGET'].includes(reference) ? referred(reference).node : reference;
  }

  function propertiesOf(reference: string): Json {
    return run.plan.nodes[nodeName(reference)]?.properties ?? {};
  }
}

const nothing: Found = { value: null };

function capability(run: Run, deployment: string, path: Path): Found {
  const offered = run.consumed.get(deployment);
  if (offered === undefined) throw new CapabilityUnread(deployment);
  const found = followValue(offered.capabilities, path) ?? followValue(offered.outputs, path);
  if (found === undefined && !run.lenient) {
    const known = Object.keys({ ...offered.outputs, ...offered.capabilities }).join(', ');
    throw new EvaluationError(
      `The deployment ${deployment} has no capability ${path.join('.')}; it has ${known === '' ? 'none' : known}.`,
    );
  }
  return found === undefined ? nothing : { value: found };
}
