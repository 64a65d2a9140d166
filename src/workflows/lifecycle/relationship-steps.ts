import { instanceOf, nodeOf, type Run } from './run.ts';
import { relationshipOperations, type RelationshipStep } from './interfaces.ts';
import { runOperation } from './operation.ts';

type Link = { readonly position: number; readonly target: string };

/**
 * Runs one step over the relationships of an instance, in the order of the blueprint; several instances of
 * one target go side by side, and `unlink` goes backwards.
 */
export async function runRelationshipStep(run: Run, id: string, step: RelationshipStep): Promise<void> {
  const groups = groupedByTarget(run, id);
  for (const group of step === 'unlink' ? groups.toReversed() : groups) {
    await Promise.all(group.flatMap((link) => sides(run, id, link, relationshipOperations[step])));
  }
}

/** Consecutive relationships to the same target node. */
function groupedByTarget(run: Run, id: string): readonly (readonly Link[])[] {
  const groups: Link[][] = [];
  let latest: string | undefined;
  for (const link of instanceOf(run, id).relationships) {
    const { node } = instanceOf(run, link.target);
    const group = groups.at(-1);
    if (group !== undefined && node === latest) group.push(link);
    else groups.push([link]);
    latest = node;
  }
  return groups;
}

function sides(run: Run, source: string, { position, target }: Link, name: string): Promise<unknown>[] {
  const relationship = nodeOf(run, source).relationships[position];
  const onSource = relationship?.sourceOperations[name];
  const onTarget = relationship?.targetOperations[name];
  return [
    ...(onSource === undefined
      ? []
      : [runOperation(run, onSource, name, { source, target, position, side: 'source' })]),
    ...(onTarget === undefined
      ? []
      : [runOperation(run, onTarget, name, { source, target, position, side: 'target' })]),
  ];
}
