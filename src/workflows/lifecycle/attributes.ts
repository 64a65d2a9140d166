import type { Json } from '../../contracts/json.ts';
import type { InstanceRecord } from '../../contracts/record.ts';
import { unseal, type ValueMap } from '../../contracts/sealed.ts';
import {
  EvaluationError,
  follow,
  followValue,
  type Found,
  type Path,
} from '../../language/functions/index.ts';
import { meantInstance } from '../../topology/meant-instance.ts';
import { instanceOf, type Run } from './run.ts';

/** Runtime property, else what every instance has, else the node's property. Undefined: none of these. */
export function attributeOf(run: Run, id: string, path: Path): Found | undefined {
  const instance = instanceOf(run, id);
  const [first] = path;
  const observed =
    followValue(runtimePropertiesOf(instance), path) ?? (path.length === 1 ? special(instance, first) : null);
  if (observed !== undefined && observed !== null) return { value: observed };
  const text = follow(run.plan.nodes[instance.node]?.properties ?? {}, path);
  return text === undefined ? undefined : { text };
}

/** With references where secrets belong. */
export function runtimePropertiesOf({ runtimeProperties, secrets = [] }: InstanceRecord): ValueMap {
  return unseal({ data: runtimeProperties, secrets });
}

function special({ id, index }: InstanceRecord, name: string | number | undefined): Json | undefined {
  if (name === 'node_instance_id') return id;
  if (name === 'node_instance_index') return index;
  return undefined;
}

/**
 * The instance of a node that an expression of `readers` means; see `meantInstance`. Throws EvaluationError
 * when it stays unclear.
 */
export function instanceMeant(run: Run, node: string, readers: readonly InstanceRecord[]): InstanceRecord {
  const candidates = [...run.journal.instances.values()].filter((instance) => instance.node === node);
  const meant = meantInstance(candidates, readers, (id) => run.journal.instances.get(id));
  if (meant !== undefined) return meant;
  throw new EvaluationError(
    candidates.length === 0
      ? `The node ${node} has no instance.`
      : `The node ${node} has ${candidates.length} instances, and it is not clear which one is meant.`,
  );
}
