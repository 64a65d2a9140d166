import { describe, expect, it } from 'vitest';
import { complete } from '../../src/editor/completion.ts';
import { head, marked } from './fixture.ts';

type Case = readonly [what: string, text: string, some: readonly string[], none?: readonly string[]];

const nodes = `${head}node_templates:
  network:
    type: braid.nodes.Network
    properties: { subnet: { get_input: subnet } }
  service:
    type: own.Service
`;

const cases: readonly Case[] = [
  ['an empty file', '‸', ['tosca_definitions_version', 'imports', 'node_templates']],
  ['a key at the top', 'tosca_definitions_version: cloudify_dsl_1_3\nnode_te‸', ['node_templates']],
  ['a key at the top, between sections', `imports: []\n‸\ninputs: {}\n`, ['node_templates', 'outputs']],
  ['the version', 'tosca_definitions_version: ‸', ['cloudify_dsl_1_0', 'cloudify_dsl_1_5']],
  ['an import', 'imports:\n  - cloud‸\n', ['cloudify/types/types.yaml', 'own.yaml']],
  ['an import at the edge', 'imports:\n- ‸\n', ['own.yaml']],
  ['an import in brackets', 'imports: [‸]\n', ['own.yaml']],
  ['an import, the dash not there yet', 'imports:\n  ‸\n', ['own.yaml']],
  ['a key of an input', `${head}  third:\n    ‸\n`, ['type', 'default', 'constraints'], ['interfaces']],
  ['a key of an input in braces', `${head}  third: { ty‸ }\n`, ['type', 'default']],
  ['the type of an input', `${head}  third: { type: ‸ }\n`, ['string', 'integer', 'own.Address']],
  ['a constraint', `${head}  third:\n    constraints:\n      - ‸\n`, ['valid_values', 'pattern']],
  [
    'a key of a node',
    `${head}node_templates:\n  a:\n    ‸\n`,
    ['type', 'properties', 'relationships'],
    ['inputs'],
  ],
  [
    'a key of a node that has some',
    `${head}node_templates:\n  a:\n    type: own.Service\n    ‸\n  b: {}\n`,
    ['properties'],
    ['type'],
  ],
  ['a half key of a node', `${nodes}    prop‸\n`, ['properties']],
  ['a key that has its value', `${nodes}    prop‸: {}\n`, ['properties']],
  [
    'a node type',
    `${head}node_templates:\n  a:\n    type: ‸\n`,
    ['own.Service', 'braid.nodes.Network'],
    ['own.linked'],
  ],
  [
    'a node type, begun',
    `${head}node_templates:\n  a:\n    type: own.‸\n  b:\n    type: x\n`,
    ['own.Service'],
  ],
  ['a node type in quotes', `${head}node_templates:\n  a:\n    type: "own.‸"\n`, ['own.Service']],
  ['a property', `${nodes}    properties:\n      ‸\n`, ['place', 'enabled'], ['subnet']],
  ['a property of a data type', `${nodes}    properties:\n      place:\n        ‸\n`, ['address']],
  [
    'a property of a data type inside',
    `${nodes}    properties:\n      place:\n        address: { ‸ }\n`,
    ['host', 'port'],
  ],
  ['a boolean', `${nodes}    properties:\n      enabled: ‸\n`, ['true', 'false', 'get_input']],
  ['a function', `${nodes}    properties:\n      place: { ‸ }\n`, ['get_input', 'concat']],
  [
    'a function begun and not closed',
    `${nodes}    properties:\n      place: { get_‸\n    instances: {}\n`,
    ['get_input'],
  ],
  ['an input', `${nodes}    properties:\n      place: { get_input: ‸ }\n`, ['subnet', 'other']],
  [
    'an input, on the next line',
    `${nodes}    properties:\n      place:\n        get_input: ‸\n`,
    ['subnet', 'other'],
  ],
  [
    'a node of a function',
    `${nodes}    properties:\n      place: { get_property: [‸] }\n`,
    ['SELF', 'network', 'service'],
  ],
  [
    'a property of a function',
    `${nodes}    properties:\n      place: { get_property: [network, ‸] }\n`,
    ['subnet'],
    ['enabled'],
  ],
  [
    'a property of itself',
    `${nodes}    properties:\n      place: { get_property: [SELF, ‸] }\n`,
    ['enabled'],
  ],
  [
    'an attribute',
    `${nodes}outputs:\n  o: { value: { get_attribute: [service, ‸`,
    ['node_instance_id', 'enabled'],
  ],
  [
    'a node, not SELF, in outputs',
    `${nodes}outputs:\n  o: { value: { get_attribute: [‸`,
    ['network'],
    ['SELF'],
  ],
  ['inside concat', `${nodes}outputs:\n  o: { value: { concat: [a, { get_input: ‸ }] } }\n`, ['subnet']],
  [
    'a fact of the system',
    `${nodes}outputs:\n  o: { value: { get_sys: [deployment, ‸] } }\n`,
    ['id', 'owner'],
  ],
  ['a relationship', `${nodes}    relationships:\n      - ‸\n`, ['type', 'target']],
  [
    'the rest of a relationship',
    `${nodes}    relationships:\n      - type: own.linked\n        ‸\n`,
    ['target'],
    ['type'],
  ],
  ['a relationship, the dash not there yet', `${nodes}    relationships:\n      ‸\n`, ['type', 'target']],
  ['a relationship type', `${nodes}    relationships:\n      - type: ‸\n`, ['own.linked'], ['own.Service']],
  [
    'a target',
    `${nodes}    relationships:\n      - type: own.linked\n        target: ‸\n`,
    ['network', 'service'],
  ],
  ['a target in braces', `${nodes}    relationships: [{ type: own.linked, target: net‸ }]\n`, ['network']],
  [
    'a property of a relationship',
    `${nodes}    relationships:\n      - type: own.linked\n        target: network\n        properties: { ‸ }\n`,
    ['weight'],
  ],
  [
    'a node for a relationship’s operation',
    `${nodes}    relationships:\n      - type: own.linked\n        target: network\n        source_interfaces:\n          i:\n            o: { inputs: { a: { get_attribute: [‸] } } }\n`,
    ['SOURCE', 'TARGET'],
    ['SELF'],
  ],
  ['an interface', `${nodes}    interfaces:\n      ‸\n`, ['own.interface', 'cloudify.interfaces.lifecycle']],
  [
    'an operation',
    `${nodes}    interfaces:\n      cloudify.interfaces.lifecycle:\n        ‸\n`,
    ['create', 'start', 'delete'],
  ],
  [
    'a key of an operation',
    `${nodes}    interfaces:\n      own.interface:\n        check:\n          ‸\n`,
    ['implementation', 'inputs'],
  ],
  [
    'an implementation',
    `${nodes}    interfaces:\n      i:\n        o: ‸\n`,
    ['scripts/start.sh', 'machines.network.create'],
  ],
  [
    'an input of an operation',
    `${nodes}    interfaces:\n      own.interface:\n        check:\n          inputs:\n            ‸\n`,
    ['depth'],
  ],
  ['a parent type', `${head}node_types:\n  mine:\n    derived_from: ‸\n`, ['own.Service']],
  [
    'a schema’s type',
    `${head}node_types:\n  mine:\n    properties:\n      p:\n        type: ‸\n`,
    ['boolean', 'own.Place'],
  ],
  ['a group’s member', `${nodes}groups:\n  g:\n    members: [‸]\n`, ['network', 'service', 'g']],
  [
    'a policy’s target',
    `${nodes}groups:\n  g: { members: [network] }\npolicies:\n  p:\n    targets: [‸]\n`,
    ['g'],
    ['network'],
  ],
];

const none: readonly (readonly [string, string])[] = [
  ['a comment', `${nodes}    # pro‸\n`],
  ['a block of text', `${nodes}    properties:\n      place: |\n        get_‸\n`],
  ['a name that the writer gives', `${nodes}  thi‸\n`],
  ['a description', `${head}description: so‸\n`],
];

describe('completion', () => {
  it.each(cases.map(([what, text, some, others = []]) => ({ what, text, some, others })))(
    'offers what fits: $what',
    async ({ text, some, others }) => {
      const labels = await labelsAt(text);
      expect(labels).toEqual(expect.arrayContaining([...some]));
      for (const other of others) expect(labels).not.toContain(other);
    },
  );

  it.each(cases.map(([what, text, some]) => ({ what, text, some })))(
    'does so with the line ends of Windows: $what',
    async ({ text, some }) => {
      expect(await labelsAt(text.replaceAll('\n', '\r\n'))).toEqual(expect.arrayContaining([...some]));
    },
  );

  it.each(none)('offers nothing in %s', async (_what, text) => {
    expect(await labelsAt(text)).toEqual([]);
  });

  it('replaces the whole word, wherever in it the cursor is', async () => {
    const text = `${head}node_templates:\n  a: { type: own.Ser‸vice }\n`;
    const { text: plain, offset, knowledge } = await marked(text);
    const { start, end } = complete(plain, offset, knowledge) ?? { start: 0, end: 0 };
    expect(plain.slice(start, end)).toBe('own.Service');
  });

  it('offers functions only where the version has them', async () => {
    const old = nodes.replace('dsl_1_3', 'dsl_1_0');
    expect(await labelsAt(`${old}    properties: { place: { ‸ } }\n`)).not.toContain('merge');
    expect(await labelsAt(`${nodes}    properties: { place: { ‸ } }\n`)).toContain('merge');
  });

  it('tells of each what it is', async () => {
    const { text, offset, knowledge } = await marked(`${nodes}    properties:\n      en‸\n`);
    expect(complete(text, offset, knowledge)?.candidates).toContainEqual({
      label: 'enabled',
      kind: 'property',
      detail: 'boolean',
      description: 'Whether it is on.',
      insert: 'enabled: $0',
    });
  });
});

async function labelsAt(textWithCaret: string): Promise<readonly string[]> {
  const { text, offset, knowledge } = await marked(textWithCaret);
  return complete(text, offset, knowledge)?.candidates.map(({ label }) => label) ?? [];
}
