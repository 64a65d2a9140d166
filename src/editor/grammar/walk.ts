import { grammar } from './grammar.ts';
import type { Shape } from './shape.ts';

/** The way to a place in a file: keys of maps and positions in lists. */
export type Path = readonly (string | number)[];

/** The shapes that may be at a path; none where the grammar has nothing. */
export function shapesAt(path: Path): readonly Shape[] {
  return path.reduce<readonly Shape[]>(
    (shapes, step) => shapes.flatMap((shape) => inside(shape, step)),
    alternatives(grammar),
  );
}

/** The shape with its alternatives told apart. */
export function alternatives(shape: Shape): readonly Shape[] {
  return shape.kind === 'either' ? shape.shapes.flatMap(alternatives) : [shape];
}

function inside(shape: Shape, step: string | number): readonly Shape[] {
  if (shape.kind === 'value') return [shape];
  if (typeof step === 'number') return shape.kind === 'list' ? alternatives(shape.of) : [];
  if (shape.kind === 'table') return alternatives(shape.of);
  const found = shape.kind === 'fields' && Object.hasOwn(shape.fields, step) ? shape.fields[step] : undefined;
  return found === undefined ? [] : alternatives(found.shape);
}
