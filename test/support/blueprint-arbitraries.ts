import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { grammar } from '../../src/editor/grammar/grammar.ts';
import type { NameOf, Shape } from '../../src/editor/grammar/shape.ts';
import { functionNames } from '../../src/language/functions/names.ts';

/** Few names, so that what one place names is often there at another. */
const names: Readonly<Record<NameOf, readonly string[]>> = {
  'node type': ['t', 'u', 'cloudify.nodes.Root', 'cloudify.nodes.Compute'],
  'relationship type': [
    'r',
    'cloudify.relationships.contained_in',
    'cloudify.relationships.connected_to',
    'cloudify.relationships.depends_on',
  ],
  'data type': ['d', 'e', 'f'],
  'schema type': ['d', 'e', 'f', 'string', 'integer', 'float', 'boolean', 'list', 'dict', 'regex', 'node_id'],
  node: ['a', 'b', 'c'],
  'group member': ['a', 'b', 'g', 'h'],
  group: ['g', 'h'],
  'policy type': ['y'],
  'trigger type': ['z'],
  import: ['base.yaml', 'own.yaml', 'x--own.yaml', 'main.yaml', 'y--main.yaml', 'lost.yaml'],
  implementation: ['p.run', 'q.run', 'scripts/run.sh', '', '#!/bin/sh\ntrue\n'],
};
const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'p', 'q', 'r', 't', 'u', 'y', 'z', '__proto__'];

const scalar = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 1.5, 'a', 'b', '', 'SELF', 'UNBOUNDED', '((a+)+)+$'),
  fc.integer(),
  fc.string({ maxLength: 8 }),
);

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 4, arbitrary: scalar },
    { weight: 2, arbitrary: tie('call') },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 3 }) },
  ),
  call: fc
    .tuple(
      fc.constantFrom(...functionNames, 'get_inputt'),
      fc.oneof(
        fc.tuple(fc.constantFrom('SELF', 'SOURCE', 'TARGET', 'a', 'b'), fc.constantFrom('p', 'q', 'a')),
        fc.constantFrom(...keys),
        fc.array(tie('value'), { maxLength: 3 }),
        tie('value'),
      ),
    )
    .map(([name, argument]) => ({ [name]: argument })),
}));

/** What a blueprint may have at a place, and now and then what it may not. */
function ofShape(shape: Shape): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: fittingShape(shape) }, { weight: 1, arbitrary: value });
}

function fittingShape(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'fields':
      return fc
        .uniqueArray(fc.constantFrom(...Object.entries(shape.fields)), {
          selector: ([key]) => key,
          maxLength: 6,
        })
        .chain((chosen) => {
          const required = Object.entries(shape.fields).filter(([, field]) => field.required);
          const fields = new Map([...required, ...chosen].map(([key, field]) => [key, ofShape(field.shape)]));
          return fc.record(Object.fromEntries(fields));
        });
    case 'table':
      return fc.dictionary(fc.constantFrom(...keys), ofShape(shape.of), { maxKeys: 3 });
    case 'list':
      return fc.array(ofShape(shape.of), { maxLength: 3 });
    case 'either':
      return fc.oneof(...shape.shapes.map(ofShape));
    case 'choice':
      return fc.constantFrom(...shape.values);
    case 'name':
      return fc.constantFrom(...names[shape.of]);
    case 'integer':
    case 'number':
      return fc.integer({ min: -2, max: 1000 });
    case 'boolean':
      return fc.boolean();
    case 'text':
      return fc.constantFrom('text', 'd', 'string', '1 day', '2026-01-01 00:00:00', '');
    default:
      return value;
  }
}

const types = `
plugins: { p: { executor: central_deployment_agent, install: false } }
node_types: { cloudify.nodes.Root: {}, cloudify.nodes.Compute: { derived_from: cloudify.nodes.Root } }
relationships:
  cloudify.relationships.depends_on: {}
  cloudify.relationships.connected_to: { derived_from: cloudify.relationships.depends_on }
  cloudify.relationships.contained_in: { derived_from: cloudify.relationships.depends_on }
`;

/** A file made by the grammar of the language. */
const made = ofShape(grammar).map((file) => {
  const whole = typeof file === 'object' && file !== null && !Array.isArray(file) ? file : {};
  return stringify({ tosca_definitions_version: 'cloudify_dsl_1_5', imports: ['base.yaml'], ...whole });
});

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.nat(12), fc.nat(200)),
  insert: fc.oneof(
    fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      ': ',
      '- ',
      '*a ',
      '&a ',
      '\n',
      '<<: ',
      'null',
      '"',
      "'",
      '| ',
      '!!x ',
    ),
    fc.string({ maxLength: 4, unit: 'binary' }),
    fc.nat(255).map((byte) => String.fromCharCode(byte)),
  ),
});

/** A file with a few bytes of it changed. */
const mutated = fc.tuple(made, fc.array(change, { minLength: 1, maxLength: 4 })).map(([text, changes]) =>
  changes.reduce((before, { at, remove, insert }) => {
    const start = Math.floor(at * before.length);
    return before.slice(0, start) + insert + before.slice(start + remove);
  }, text),
);

/** The files of a blueprint: `main.yaml` and what it may import. */
export type Files = Readonly<Record<string, string>>;

export const blueprints: fc.Arbitrary<Files> = fc.record({
  'main.yaml': fc.oneof(made, mutated),
  'own.yaml': fc.oneof({ weight: 3, arbitrary: fc.constant('inputs: {}\n') }, made),
  'base.yaml': fc.constant(types),
});
