import { describe, expect, test } from 'vitest';
import { compileText, type Options, planOf, remarksOn } from './compile-text.ts';

const schemas = `
inputs: { text: { default: x } }
data_types: { box: { properties: { a: { default: 2 } } } }
node_types:
  t:
    interfaces:
      i:
        run:
          implementation: p.run
          inputs:
            map: { type: dict, default: { a: 1 } }
            any: { default: { a: 1 } }
            box: { type: box, default: {} }
            list: { type: list, default: [] }
            whole: { type: integer, default: 1 }
outputs: { o: { value: { get_input: text } } }
`;
const given = (inputs: string): string =>
  `${schemas}node_templates: { n: { type: t, interfaces: { i: { run: { max_retries: 1, inputs: ${inputs} } } } } }\n`;
const inputsOf = async (inputs: string, options: Options = {}) =>
  (await planOf(given(inputs), options)).nodes.n?.operations['i.run']?.inputs;
const remarks = (inputs: string, compat = true) => remarksOn(given(inputs), { compat });

describe('a map that is an input of an operation', () => {
  test('is given to it as it is written', async () => {
    expect(await inputsOf('{ map: { type: x, a: 2 }, extra: { type: x } }')).toEqual({
      map: { type: 'x', a: 2 },
      any: { a: 1 },
      box: { a: 2 },
      list: [],
      whole: 1,
      extra: { type: 'x' },
    });
  });

  test('has its declared type in a key of its own in the plan that the peer makes', async () => {
    expect(await inputsOf('{ map: { type: x, a: 2 }, list: { b: 1 } }', { compat: true })).toEqual({
      map: { type: 'dict', a: 2 },
      any: { a: 1 },
      box: { a: 2, type: 'box' },
      list: { b: 1, type: 'list' },
      whole: 1,
    });
  });

  test('has a key `type` of its own that the peer overwrites', async () => {
    expect(await remarks('{ map: { type: x, a: 2 } }')).toEqual(['type-in-input 16:92']);
    expect(await remarks('{ map: { type: dict, a: 2 } }')).toEqual([]);
    expect(await remarks('{ map: { type: x, a: 2 } }', false)).toEqual([]);
  });

  test('has a key `type` of its own that makes the operation fail at the peer', async () => {
    expect(await remarks('{ any: { type: integer } }')).toEqual(['type-in-input 16:92']);
    expect(await remarks('{ extra: { type: nonsense } }')).toEqual(['type-in-input 16:94']);
    expect(await remarks('{ extra: { type: { a: 1 } } }')).toEqual(['type-in-input 16:94']);
    expect(await remarks('{ extra: { type: dict } }')).toEqual([]);
    expect(await remarks('{ extra: { inner: { type: nonsense } } }')).toEqual([]);
  });

  test('has one in an operation of the template’s own too', async () => {
    const own = `${schemas}node_templates: { n: { type: t, interfaces: { i: { run: { implementation: p.other, inputs: { a: { type: list } } } } } } }\n`;
    expect(await remarksOn(own, { compat: true })).toEqual(['type-in-input 16:99']);
  });
});

test('a function gives a value of the type that is declared for the input, whatever type it tells itself', async () => {
  const { diagnostics } = await compileText(given('{ whole: { get_input: text, type: string } }'));
  expect(diagnostics).toMatchObject([{ code: 'wrong-input-function', severity: 'error' }]);
});
