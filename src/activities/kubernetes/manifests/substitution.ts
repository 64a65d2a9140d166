import { failure } from '../../../contracts/failure.ts';
import { isJsonObject, type Json } from '../../../contracts/json.ts';
import type { InstanceView } from '../../../contracts/operation.ts';
import { at } from '../objects.ts';
import type { Substitute } from './override-text.ts';

/** Substitutions in the overrides of an instance: what it is connected to, and its own `ctx`. */
export function substitutionFor(self: InstanceView, deployment: string): Substitute {
  return {
    reference: (node, path) => lookUp(`@{${[node, ...path].join(',')}}`, runtimeOf(self, node), path),
    expression: (expression) => evaluate(self, deployment, expression),
  };
}

/** The runtime properties of the first instance of a node that this one is or has a relationship to. */
function runtimeOf(self: InstanceView, node: string): Json {
  if (node === self.node) return self.runtimeProperties;
  const target = self.targets.find((candidate) => candidate.node === node);
  if (target !== undefined) return target.runtimeProperties;
  const known = [self.node, ...self.targets.map((candidate) => candidate.node)].join(', ');
  throw failure(
    'OperationInputInvalid',
    `An override of ${self.node} names the node «${node}», to which it has no relationship. It can name: ${known}.`,
  );
}

/** `ctx.node.properties['x']`: a path through a fixed set of facts, no expression. */
function evaluate(self: InstanceView, deployment: string, expression: string): Json {
  const facts: Json = {
    node: {
      id: self.node,
      name: self.node,
      type: self.typeHierarchy.at(-1) ?? '',
      properties: self.properties,
    },
    instance: { id: self.id, index: self.index, runtime_properties: self.runtimeProperties },
    deployment: { id: deployment, name: deployment },
  };
  const path = readPath(expression);
  if (path === undefined)
    throw failure(
      'OperationInputInvalid',
      `An override of ${self.node} has «%{${expression}}». Only paths such as %{ctx.node.properties['port']} are understood.`,
    );
  return lookUp(`%{${expression}}`, facts, path[0] === 'ctx' ? path.slice(1) : path);
}

function readPath(expression: string): readonly string[] | undefined {
  const step = /\.?([A-Za-z_]\w*)|\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\]/uy;
  const path: string[] = [];
  let position = 0;
  while (position < expression.length) {
    step.lastIndex = position;
    const found = step.exec(expression);
    if (found === null) return undefined;
    path.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? '');
    position = step.lastIndex;
  }
  return path;
}

function lookUp(written: string, start: Json, path: readonly string[]): Json {
  let here: Json = start;
  for (const key of path) {
    const next = at(here, Array.isArray(here) ? Number(key) : key);
    if (next === undefined) {
      const known = isJsonObject(here) ? ` There are: ${Object.keys(here).join(', ') || 'none'}.` : '';
      throw failure('AttributeUnresolved', `An override has «${written}», but there is no «${key}».${known}`);
    }
    here = next;
  }
  return here;
}
