export const shapes = ['wide', 'deep', 'layered'] as const;
/** `wide`: all need one node; `deep`: each needs the one before; `layered`: each needs three of the layer below. */
export type Shape = (typeof shapes)[number];

const head = `tosca_definitions_version: cloudify_dsl_1_3
plugins:
  tasks: { executor: central_deployment_agent, install: false }
relationships:
  cloudify.relationships.depends_on: { properties: { connection_type: { default: all_to_all } } }
  cloudify.relationships.connected_to: { derived_from: cloudify.relationships.depends_on }
  needs:
    derived_from: cloudify.relationships.connected_to
    source_interfaces:
      cloudify.interfaces.relationship_lifecycle:
        establish:
          implementation: tasks.connect
          inputs:
            address: { default: { get_attribute: [TARGET, ip] } }
node_types:
  cloudify.nodes.Root: {}
  service:
    derived_from: cloudify.nodes.Root
    properties:
      name: { type: string }
      port: { type: integer, default: 80 }
      peer: { type: integer, default: 0 }
    interfaces:
      cloudify.interfaces.lifecycle:
        create:
          implementation: tasks.create
          inputs:
            size: { type: integer, default: 1 }
            name: { default: { get_property: [SELF, name] } }
        start: tasks.start
inputs:
  zone: { type: string, default: north }
node_templates:
`;

/** A blueprint of so many nodes, with properties, operations, functions and relationships, in one text. */
export function blueprintText(shape: Shape, count: number): string {
  const nodes = Array.from({ length: count }, (_, index) => nodeText(index, targetsOf(shape, index, count)));
  return `${head}${nodes.join('')}outputs:\n  last:\n    value: { get_attribute: [n${count - 1}, ip] }\n`;
}

function targetsOf(shape: Shape, index: number, count: number): readonly number[] {
  if (index === 0) return [];
  if (shape === 'wide') return [0];
  if (shape === 'deep') return [index - 1];
  const width = Math.max(3, Math.round(Math.sqrt(count)));
  const below = Math.floor(index / width) - 1;
  return below < 0 ? [] : [0, 1, 2].map((step) => below * width + ((index + step) % width));
}

function nodeText(index: number, targets: readonly number[]): string {
  const [first] = targets;
  const peer = first === undefined ? '1' : `{ get_property: [n${first}, port] }`;
  const relationships = targets.map((target) => `      - { type: needs, target: n${target} }\n`).join('');
  return `  n${index}:
    type: service
    properties:
      name: { concat: [{ get_input: zone }, '-${index}'] }
      port: ${1000 + index}
      peer: ${peer}
    interfaces:
      cloudify.interfaces.lifecycle:
        start:
          implementation: tasks.start
          inputs: { wait: ${index % 7}, zone: { get_input: zone } }
${relationships === '' ? '' : `    relationships:\n${relationships}`}`;
}
