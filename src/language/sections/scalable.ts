import type { DiagnosticCode } from '../diagnostics/codes.ts';
import { asFunction } from '../plan/calls.ts';
import { child, describe, isNull, type Node } from '../source/node.ts';
import { type Context, fieldsOf, isInteger, wrong } from './context.ts';

/** How many instances there are to be. Each may be a function of inputs. Null: not told. */
export type InstancesTemplate = {
  readonly default: Node | null;
  readonly min: Node | null;
  readonly max: Node | null;
};

export const noInstances: InstancesTemplate = { default: null, min: null, max: null };

/** Reads `{default_instances, min_instances, max_instances}`, of a node or of a scaling policy. */
export function readScalable(node: Node | null, owner: string, context: Context): InstancesTemplate {
  if (node === null || isNull(node)) return noInstances;
  const keys = ['default_instances', 'min_instances', 'max_instances'];
  const fields = fieldsOf(node, `The numbers of instances of \`${owner}\``, keys, context);
  const number = (key: string) => {
    const found = child(fields, key);
    if (found === null || isNull(found)) return null;
    const problem = problemOf(found, key === 'max_instances');
    if (problem === null) return found;
    const what = `${key} of \`${owner}\``;
    if (problem.code === null) wrong(found, what, problem.wanted, context);
    else {
      const message = `${what} must be ${problem.wanted}, not ${describe(found)}.`;
      context.reporter.report(problem.code, found.at, message);
    }
    return null;
  };
  return {
    default: number('default_instances'),
    min: number('min_instances'),
    max: number('max_instances'),
  };
}

type Problem = { readonly wanted: string; readonly code: DiagnosticCode | null };

function problemOf(node: Node, isMax: boolean): Problem | null {
  if (node.kind === 'map') {
    return asFunction(node) === null ? { wanted: 'a number or a function', code: 'instances-by-data' } : null;
  }
  const value = node.kind === 'scalar' ? node.value : null;
  if (isMax && typeof value === 'string') {
    return value === 'UNBOUNDED' ? null : { wanted: 'a number or UNBOUNDED', code: 'invalid-unbounded' };
  }
  if (!isInteger(node)) return { wanted: 'an integer', code: null };
  if (isMax) {
    return node.value >= 1 || node.value === -1
      ? null
      : { wanted: 'an integer from 1', code: 'invalid-instances' };
  }
  return node.value >= 0 ? null : { wanted: 'an integer from 0', code: 'invalid-instances' };
}
