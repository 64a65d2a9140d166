import type { FunctionName } from '../../language/functions/names.ts';

/** What an argument of a function names. */
export type ArgumentOf =
  | 'input'
  | 'node'
  | 'property'
  | 'attribute'
  | 'system entity'
  | 'system property'
  | 'consumers'
  | 'value';

export type FunctionHelp = {
  /** What is written behind the colon; `$1` and so on are places to fill in. */
  readonly form: string;
  readonly description: string;
  /** By position in the list of arguments; the last one counts for all that follow. */
  readonly arguments: readonly ArgumentOf[];
};

const ofNode = (description: string, second: ArgumentOf): FunctionHelp => ({
  form: '[$1, $2]',
  description,
  arguments: ['node', second],
});
const ofText = (description: string, form: string): FunctionHelp => ({
  form,
  description,
  arguments: ['value'],
});

/** How each function is used. */
export const functionHelp: Readonly<Record<FunctionName, FunctionHelp>> = {
  get_input: {
    form: '$1',
    description: 'The value of an input of the blueprint.',
    arguments: ['input', 'value'],
  },
  get_property: ofNode('A property of a node template: `[node, property]`.', 'property'),
  get_attribute: ofNode(
    'A runtime property of a node instance, read when it is used: `[node, attribute]`.',
    'attribute',
  ),
  get_attributes_list: ofNode('An attribute of every instance of a node, as a list.', 'attribute'),
  get_attributes_dict: ofNode('Attributes of every instance of a node, by the instance’s id.', 'attribute'),
  get_secret: ofText('The value of a secret, known to the operation that uses it alone.', '$1'),
  get_capability: ofText(
    'A capability or output of another deployment: `[deployment, capability]`.',
    '[$1, $2]',
  ),
  get_group_capability: ofText(
    'A capability of all deployments of a group: `[group, capability]`.',
    '[$1, $2]',
  ),
  get_environment_capability: ofText('A capability of the deployment that this one is in.', '$1'),
  get_label: ofText('A label of the deployment.', '$1'),
  get_sys: {
    form: '[$1, $2]',
    description: 'A fact of the deployment or the tenant: `[deployment, id]`.',
    arguments: ['system entity', 'system property'],
  },
  get_consumers: {
    form: '$1',
    description: 'The deployments that use this one: `ids`, `names` or `count`.',
    arguments: ['consumers'],
  },
  concat: ofText('The texts of a list, put together.', '[$1, $2]'),
  merge: ofText('The maps of a list as one; the last wins.', '[$1, $2]'),
  string_find: ofText('Where a text is in another; -1: nowhere. `[text, part]`', '[$1, $2]'),
  string_replace: ofText('A text with a part of it replaced: `[text, part, by]`.', '[$1, $2, $3]'),
  string_split: ofText('The parts of a text: `[text, separator]`; with an index, that part.', '[$1, $2]'),
  string_lower: ofText('A text in small letters.', '$1'),
  string_upper: ofText('A text in capital letters.', '$1'),
};
