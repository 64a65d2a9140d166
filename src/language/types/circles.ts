import type { DiagnosticCode } from '../diagnostics/codes.ts';
import type { Context } from '../sections/context.ts';
import type { Schema } from '../sections/schema.ts';
import type { Resolved } from './resolve.ts';

/** How deep data types may contain each other, and how many properties a value of one may have in all. */
const limits = { depth: 100, properties: 10_000 } as const;

type DataTypes = ReadonlyMap<string, Resolved>;

/** What a value of a data type may be at most, with all that is inside. */
type Extent = { readonly depth: number; readonly properties: number };
const none: Extent = { depth: 0, properties: 0 };

/**
 * The data types without those properties by which one contains itself, or others without measure: its value
 * would have no end. Each is reported, and then counts as a property of any type.
 */
export function breakCircles(dataTypes: DataTypes, context: Context): DataTypes {
  const refused = new Set<Schema>();
  const extents = new Map<Resolved, Extent>();
  for (const start of dataTypes.values()) measure(start);
  if (refused.size === 0) return dataTypes;
  return new Map(
    [...dataTypes].map(([name, type]) => [name, { ...type, properties: opened(type.properties) }]),
  );

  /** Without recursion: types may be nested as deeply as anyone likes. */
  function measure(start: Resolved): void {
    const path = extents.has(start) ? [] : [stepInto(start)];
    const open = new Set([start]);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const schema = step.schemas[step.position];
      if (schema === undefined) {
        extents.set(step.type, step.extent);
        open.delete(step.type);
        path.pop();
        continue;
      }
      const inner = dataTypes.get(schema.type?.text ?? '');
      if (inner !== undefined && !open.has(inner) && !extents.has(inner)) {
        open.add(inner);
        path.push(stepInto(inner));
        continue;
      }
      step.position += 1;
      if (inner !== undefined && open.has(inner)) {
        refuse(schema, 'type-cycle', `\`${inner.name}\` contains itself: ${circle(path, inner)}.`);
      } else step.extent = grown(step.extent, schema, inner);
    }
  }

  function grown(extent: Extent, schema: Schema, inner: Resolved | undefined): Extent {
    const inside = (inner === undefined ? undefined : extents.get(inner)) ?? none;
    const depth = Math.max(extent.depth, inside.depth + 1);
    const properties = extent.properties + inside.properties + 1;
    if (depth <= limits.depth && properties <= limits.properties) return { depth, properties };
    const message =
      depth > limits.depth
        ? `Data types contain each other more than ${limits.depth} deep.`
        : `With this a value of the data type has more than ${limits.properties} properties.`;
    refuse(schema, depth > limits.depth ? 'too-deep' : 'too-much', message);
    return extent;
  }

  function refuse(schema: Schema, code: DiagnosticCode, message: string): void {
    refused.add(schema);
    context.reporter.report(code, schema.type?.at ?? schema.at, message);
  }

  function opened(properties: ReadonlyMap<string, Schema>): ReadonlyMap<string, Schema> {
    const changed = [...properties].map(([name, schema]) => {
      return [name, refused.has(schema) ? { ...schema, type: null, required: false } : schema] as const;
    });
    return new Map(changed);
  }
}

function circle(path: readonly Step[], inner: Resolved): string {
  const names = path.map(({ type }) => type.name);
  return [...names.slice(names.indexOf(inner.name)), inner.name].join(' → ');
}

/** A type on the way, and how far its properties are looked at. */
type Step = {
  readonly type: Resolved;
  readonly schemas: readonly Schema[];
  position: number;
  extent: Extent;
};

function stepInto(type: Resolved): Step {
  return { type, schemas: [...type.properties.values()], position: 0, extent: none };
}
