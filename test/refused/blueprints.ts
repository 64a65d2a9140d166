/** Blueprints that are refused, each with where and why. */

const head = 'tosca_definitions_version: cloudify_dsl_1_3\nimports: [cloudify/types/types.yaml]\n';
const one = `${head}node_templates:\n  one:\n    type: cloudify.nodes.Root\n`;
const operation = (implementation: string) =>
  `${one}    interfaces:\n      cloudify.interfaces.lifecycle:\n        create: ${implementation}\n`;
const importing = (location: string) => one.replace('types.yaml]', `types.yaml, "${location}"]`);
const depends = (on: string) =>
  `    type: cloudify.nodes.Root\n    relationships: [{type: cloudify.relationships.depends_on, target: ${on}}]\n`;
const asking = (type: string) =>
  `${one.replace('node_templates', `inputs:\n  size: {type: ${type}}\nnode_templates`)}outputs:\n  size: {value: {get_input: size}}\n`;

export type Refused = {
  readonly what: string;
  readonly blueprint: string;
  readonly inputs?: readonly string[];
  readonly says: RegExp;
};

export const refusedBlueprints: readonly Refused[] = [
  {
    what: 'what is not YAML',
    blueprint: 'a: [1\nb: }',
    says: /:2:4: error invalid-yaml: This is not valid YAML/,
  },
  {
    what: 'an unknown type',
    blueprint: `${head}node_templates:\n  one:\n    type: cloudify.nodes.Rot\n`,
    says: /:5:11: error unknown-type: .*`cloudify.nodes.Rot`[\s\S]*Did you mean `cloudify.nodes.Root`/,
  },
  {
    what: 'an unknown property',
    blueprint: `${one}    properties: {prot: 1}\n`,
    says: /:6:18: error unknown-property: The node `one` has `prot`/,
  },
  {
    what: 'an input that is read and not declared',
    blueprint: `${one}outputs:\n  x: {value: {get_input: nme}}\n`,
    says: /:7:26: error unknown-input: There is no input `nme`/,
  },
  {
    what: 'an input that is given and not declared',
    blueprint: asking('integer'),
    inputs: ['size=1', 'sise=1'],
    says: /error unknown-input: The input `sise` was given[\s\S]*Did you mean `size`/,
  },
  {
    what: 'a missing input',
    blueprint: asking('integer'),
    says: /:4:3: error missing-input: The input `size` is required but was not given/,
  },
  {
    what: 'an input of the wrong type',
    blueprint: asking('integer'),
    inputs: ['size=large'],
    says: /error \S+: .*`size`.*integer/,
  },
  {
    what: 'an unknown plugin',
    blueprint: operation('nothing.do.it'),
    says: /:8:17: error unknown-plugin: No plugin offers `nothing.do.it`/,
  },
  {
    what: 'a script that is not there',
    blueprint: operation('scripts/none.sh'),
    says: /:8:17: error unknown-plugin: .*`scripts\/none.sh`, and no such file exists/,
  },
  {
    what: 'an unknown plugin in an import',
    blueprint: importing('plugin:braid-machnes'),
    says: /error import-not-found: `plugin:braid-machnes` .* there are plugin:braid-machines/,
  },
  {
    what: 'an import outside of the folder',
    blueprint: importing('../../outside.yaml'),
    says: /:2:38: error import-not-found: .* leads out of the blueprint’s folder/,
  },
  {
    what: 'an import of a file of the computer',
    blueprint: importing('/etc/hostname'),
    says: /:2:38: error import-not-found: .* leads out of the blueprint’s folder/,
  },
  {
    what: 'a cycle',
    blueprint: `${head}node_templates:\n  one:\n${depends('two')}  two:\n${depends('one')}`,
    says: /error relationship-cycle: .* one → two → one/,
  },
  {
    what: 'an attribute of a node that is not there',
    blueprint: `${one}outputs:\n  x: {value: {get_attribute: [other, ip]}}\n`,
    says: /error \S+: .*`other`/,
  },
];

/** The blueprint is well, but no plugin does this. */
export const unknownOperation = operation('machines.machine.craete').replace(
  'types.yaml]',
  'types.yaml, plugin:braid-machines]',
);

export const network = `${head.replace('types.yaml]', 'types.yaml, plugin:braid-machines]')}node_templates:
  network:
    type: braid.nodes.Network
    properties: {subnet: 10.134.250.0/24}
`;

export const proxy = (deployment: string, output: string) =>
  `${head.replace('types.yaml]', 'types.yaml, plugin:braid-deployments]')}node_templates:
  other:
    type: cloudify.nodes.DeploymentProxy
    properties:
      deployment_id: ${deployment}
      inherit_outputs: [${output}]
`;

/** Commands over SSH, on a host of one’s own. */
export const remote = (
  port: number,
  hostKey: string,
) => `${head.replace('types.yaml]', 'types.yaml, plugin:cloudify-fabric-plugin]')}node_templates:
  far:
    type: cloudify.nodes.Root
    interfaces:
      cloudify.interfaces.lifecycle:
        create:
          implementation: fabric.fabric_plugin.tasks.run_commands
          inputs:
            commands: ['true']
            fabric_env:
              host: 127.0.0.1
              port: ${port}
              user: someone
              key: {get_secret: own/key}
              host_key: ${hostKey}
`;
