import { z } from 'zod';
import { sameJson } from '../../contracts/same-json.ts';
import { repairSchema, unwellSchema } from '../../contracts/workflows/heal.ts';
import { isNotFound } from './components.ts';
import type { Healing } from './heal.ts';
import { operations } from './interfaces.ts';
import { runNodeOperation } from './operation.ts';
import { noteStale } from './relink.ts';
import { noteRepair, reinstall } from './repair.ts';
import { instanceOf, nodeOf, type Run } from './run.ts';

const implementations: readonly string[] = ['deployments.component.heal', 'deployments.proxy.heal'];

const foundSchema = z.object({ repairs: z.array(repairSchema), unwell: z.array(unwellSchema) });

/** Whether a node stands for another deployment, as a component or a proxy. */
export function standsForDeployment(run: Run, id: string): boolean {
  const heal = nodeOf(run, id).operations[operations.heal];
  return heal !== undefined && implementations.includes(heal.implementation);
}

/** Has the other deployment healed, which looks first, or looked at; and takes over what it offers now. */
export async function healDeployment(healing: Healing, id: string): Promise<void> {
  const { run } = healing;
  const before = instanceOf(run, id).runtimeProperties;
  const found = await healed(healing, id);
  if (found === undefined) return;
  healing.repairs.push(...found.repairs);
  healing.unwell.push(...found.unwell);
  if (found.unwell.length > 0) healing.weak.add(id);
  const after = instanceOf(run, id).runtimeProperties;
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => !sameJson(before[name] ?? null, after[name] ?? null),
  );
  if (names.length > 0 || found.repairs.length > 0) {
    noteStale(run, id);
    healing.changed.add(id);
  }
  const isTold = found.repairs.length > 0;
  if (names.length > 0 && !isTold) {
    noteRepair(healing, id, `what it offers has changed: ${names.join(', ')}`, 'healed');
  }
}

/** Undefined: there was no such deployment any more, and it was made anew. */
async function healed(healing: Healing, id: string): Promise<z.infer<typeof foundSchema> | undefined> {
  try {
    return foundSchema.parse(await runNodeOperation(healing.run, id, operations.heal));
  } catch (error) {
    if (!isNotFound(error) || !healing.options.reinstall) throw error;
    await reinstall(healing, id);
    healing.changed.add(id);
    noteRepair(healing, id, 'its deployment was not there', 'reinstalled');
    return undefined;
  }
}
