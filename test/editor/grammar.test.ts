import { expect, it } from 'vitest';
import { grammar } from '../../src/editor/grammar/grammar.ts';
import type { Shape } from '../../src/editor/grammar/shape.ts';
import { alternatives, type Path } from '../../src/editor/grammar/walk.ts';
import { compileFiles } from '../language/compile-text.ts';

type Map = { readonly path: Path; readonly keys: readonly string[] };

/** Every map with a fixed set of keys, with a way to it. */
function mapsIn(shape: Shape, path: Path): readonly Map[] {
  return alternatives(shape).flatMap((one) => {
    if (one.kind === 'list') return mapsIn(one.of, [...path, 0]);
    if (one.kind === 'table') return mapsIn(one.of, [...path, 'name']);
    if (one.kind !== 'fields') return [];
    const inner = Object.entries(one.fields).flatMap(([key, { shape: below }]) =>
      mapsIn(below, [...path, key]),
    );
    return [{ path, keys: Object.keys(one.fields) }, ...inner];
  });
}

const maps = mapsIn(grammar, []).map(({ path, keys }) => ({ way: path.join('.') || 'the top', path, keys }));

it('there are maps to compare', () => {
  expect(maps.length).toBeGreaterThan(40);
});

it.each(maps)('the compiler knows the same keys: $way', async ({ path, keys }) => {
  const written = path.reduceRight<unknown>(
    (inner, step, index) =>
      typeof step === 'number' ? [inner] : { ...neededAt(path, index), [step]: inner },
    { 'no-such-key': 1 },
  );
  const main = Object.assign({ tosca_definitions_version: 'cloudify_dsl_1_5' }, written);
  const { diagnostics } = await compileFiles({ 'main.yaml': JSON.stringify(main) }, { inputs: null });
  const found = diagnostics.find(({ message }) => message.includes('no-such-key'));
  expect(found).toBeDefined();
  const known = /Known here: (.*)\.$/.exec(found?.hint ?? '')?.[1]?.split(', ') ?? keys;
  expect([...known].sort()).toEqual([...keys].sort());
});

/** The compiler looks into a relationship only when it knows what it is. */
function neededAt(path: Path, index: number): object {
  return path[index - 2] === 'relationships' && path[index - 1] === 0 ? { type: 't', target: 'name' } : {};
}
