import type { Around } from './calls.ts';
import { type Candidate, knownCandidate, plain } from './completion.ts';
import type { Cursor } from './cursor.ts';
import { functionHelp } from './grammar/functions.ts';
import type { Path } from './grammar/walk.ts';
import { inputsOf, type Knowledge, namesOf, propertiesOfNode } from './knowledge.ts';

/** What an argument of a function may be. */
export function argumentCandidates(
  called: Around,
  cursor: Cursor,
  knowledge: Knowledge,
): readonly Candidate[] {
  const found = namedBy(called, cursor, knowledge);
  const needsList = functionHelp[called.name].form.startsWith('[');
  if (called.inList || !needsList) return found;
  return found.map((one) => ({ ...one, insert: `[${one.insert}, $0]` }));
}

function namedBy({ of, first }: Around, cursor: Cursor, knowledge: Knowledge): readonly Candidate[] {
  switch (of) {
    case 'input':
      return [...inputsOf(knowledge).values()].map(({ name, type, description }) => ({
        ...plain(name, 'name'),
        detail: type?.text ?? 'any',
        description,
      }));
    case 'node':
      return [...relativeNodes(cursor.path), ...namesOf('node', knowledge).map((one) => knownCandidate(one))];
    case 'property':
    case 'attribute': {
      const schemas = propertiesOfNode(cursor.textAt(first) ?? '', cursor, knowledge);
      const properties = [...schemas.values()].map(({ name, type, description }) => ({
        ...plain(name, 'property'),
        detail: type?.text ?? 'any',
        description,
      }));
      const ids = of === 'attribute' ? ['node_instance_id', 'node_instance_index'] : [];
      return [...properties, ...ids.map((one) => plain(one, 'property'))];
    }
    case 'system entity':
      return ['deployment', 'tenant'].map((one) => plain(one));
    case 'system property':
      return (cursor.textAt(first) === 'tenant' ? ['name'] : ['id', 'name', 'blueprint', 'owner']).map(
        (one) => plain(one),
      );
    case 'consumers':
      return ['ids', 'names', 'count'].map((one) => plain(one));
    default:
      return [];
  }
}

/** The names that mean a node by where they are written. */
function relativeNodes(path: Path): readonly Candidate[] {
  if (path[0] !== 'node_templates' && path[0] !== 'node_types' && path[0] !== 'relationships') return [];
  const ofRelationship = path[0] === 'relationships' || path[2] === 'relationships';
  return (ofRelationship ? ['SOURCE', 'TARGET'] : ['SELF']).map((one) => plain(one, 'value'));
}
