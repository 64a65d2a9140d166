import type { Blueprint } from '../sections/blueprint.ts';
import type { Operation } from '../types/merge-operation.ts';
import type { Draft } from './draft.ts';
import { possiblePaths } from './implementations.ts';

/** Which implementations are files of the blueprint; each is asked for once. */
export async function findScripts(
  blueprint: Blueprint,
  draft: Draft,
  exists: (path: string) => Promise<boolean>,
): Promise<ReadonlySet<string>> {
  const mappings = new Set<string>();
  for (const operation of operationsOf(draft)) mappings.add(operation.implementation.text);
  for (const type of blueprint.relationships.values()) {
    for (const operation of [...type.sourceInterfaces.values(), ...type.targetInterfaces.values()]) {
      mappings.add(operation.implementation?.text ?? '');
    }
  }
  for (const { mapping } of blueprint.workflows.values()) mappings.add(mapping?.text ?? '');
  const found = new Set<string>();
  const paths = new Set([...mappings].flatMap(possiblePaths));
  for (const path of paths) if (await exists(path)) found.add(path);
  return found;
}

function* operationsOf(draft: Draft): Generator<Operation> {
  for (const node of draft.values()) {
    yield* node.operations;
    for (const relationship of node.relationships) {
      yield* relationship.sourceOperations;
      yield* relationship.targetOperations;
    }
  }
}
