import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Context } from '../sections/context.ts';
import type { Schema } from '../sections/schema.ts';
import type { Resolved } from './resolve.ts';

/** As deep as values may be nested. */
const deepest = 100;

type DataTypes = ReadonlyMap<string, Resolved>;

/**
 * The data types without those properties by which one contains itself, or others too deeply: its value would
 * have no end. Each is reported, and then counts as a property of any type.
 */
export function breakCircles(dataTypes: DataTypes, context: Context): DataTypes {
  const circular = new Set<Schema>();
  const done = new Set<Resolved>();
  const open = new Set<Resolved>();
  for (const start of dataTypes.values()) {
    const path = enter(start);
    // Without recursion: types may be nested as deeply as anyone likes.
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const next = step.rest.next();
      if (next.done === true) {
        done.add(step.type);
        open.delete(step.type);
        path.pop();
        continue;
      }
      const inner = dataTypes.get(next.value.type?.text ?? '');
      if (inner === undefined) continue;
      if (open.has(inner))
        refuse(next.value, 'type-cycle', `\`${inner.name}\` contains itself: ${circle(path, inner)}.`);
      else if (path.length < deepest) path.push(...enter(inner));
      else refuse(next.value, 'too-deep', `Data types contain each other more than ${deepest} deep.`);
    }
  }
  if (circular.size === 0) return dataTypes;
  return new Map(
    [...dataTypes].map(([name, type]) => [name, { ...type, properties: opened(type.properties) }]),
  );

  function refuse(schema: Schema, code: DiagnosticCode, message: string): void {
    circular.add(schema);
    context.reporter.report(code, schema.type?.at ?? schema.at, message);
  }

  function enter(type: Resolved): Step[] {
    if (done.has(type)) return [];
    open.add(type);
    return [{ type, rest: type.properties.values()[Symbol.iterator]() }];
  }

  function opened(properties: ReadonlyMap<string, Schema>): ReadonlyMap<string, Schema> {
    const changed = [...properties].map(([name, schema]) => {
      return [name, circular.has(schema) ? { ...schema, type: null, required: false } : schema] as const;
    });
    return new Map(changed);
  }
}

function circle(path: readonly Step[], inner: Resolved): string {
  const names = path.map(({ type }) => type.name);
  return [...names.slice(names.indexOf(inner.name)), inner.name].join(' → ');
}

type Step = { readonly type: Resolved; readonly rest: Iterator<Schema> };
