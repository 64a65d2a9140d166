/**
 * Everything that the compiler says about a blueprint. `peer`: the number that Cloudify's parser gives
 * the same mistake, where it has one. The documentation of the codes is made from this table.
 */
export const codes = {
  // Text
  'invalid-yaml': error(-1, 'The file is not valid YAML.', 'Correct the text at the place that is marked.'),
  'too-large': error(null, 'The file is larger than a blueprint may be.', 'Split it into imported files.'),
  'too-deep': error(null, 'Values are nested too deeply.', 'Flatten the structure.'),
  'too-much': error(null, 'A value holds more than a blueprint may.', 'Make it smaller.'),
  'too-many-aliases': error(
    null,
    'Aliases multiply the file beyond what a blueprint may hold.',
    'Use fewer anchors within anchors.',
  ),
  'unknown-alias': error(-1, 'An alias names an anchor that is not set before it.', 'Set the anchor first.'),
  'non-text-key': error(1, 'A key is not a text.', 'Put the key in quotes.'),
  'bad-merge': error(-1, 'A merge key merges something that is no map.', 'Merge a map or a list of maps.'),
  'non-ascii': error(
    108,
    'A text has characters that Cloudify does not take; told only with `--compat`.',
    'Write it in ASCII.',
    'DSLParsingInputTypeException',
  ),
  'duplicate-key': warning('A key is there twice; the last one counts.', 'Remove one of the two.'),

  // Shape
  'wrong-shape': error(
    1,
    'A value is not of the kind that is needed there.',
    'Write what the message asks for.',
  ),
  'unknown-key': error(1, 'A key is not known at that place.', 'Remove it, or correct its spelling.'),
  'missing-key': error(1, 'A key that is needed is missing.', 'Add the key.'),
  'invalid-value': error(1, 'A value is not one of those allowed.', 'Use one of those that are named.'),

  // Versions
  'missing-version': error(
    27,
    'The blueprint does not tell its DSL version.',
    'Add tosca_definitions_version.',
  ),
  'malformed-version': error(73, 'The DSL version is not written as one.', 'Write it as cloudify_dsl_1_5.'),
  'unknown-version': error(29, 'The DSL version is not known.', 'Use cloudify_dsl_1_0 to cloudify_dsl_1_5.'),
  'newer-import': error(
    28,
    'An imported file wants a newer DSL version than the blueprint.',
    'Raise the blueprint’s version.',
  ),
  'version-too-old': error(102, 'The blueprint’s DSL version does not have this yet.', 'Raise the version.'),

  // Imports
  'import-not-found': error(13, 'An imported file cannot be read.', 'Correct the import.'),
  'too-many-imports': error(null, 'The imports lead to more files than there may be.', 'Import less.'),
  'duplicate-import': error(2, 'A file imports the same thing twice.', 'Remove one of the two.'),
  'blueprint-without-namespace': error(
    213,
    'A blueprint is imported without a namespace.',
    'Write `name--blueprint:id`.',
  ),
  'invalid-namespace': error(212, 'A namespace is not well formed.', 'Use a name without `--`.'),
  'namespace-of-base-types': error(
    214,
    'The base types are imported with a namespace.',
    'Import them without one: their names mean the same everywhere.',
  ),
  'namespace-taken': error(
    214,
    'Two blueprints are imported with the same namespace.',
    'Give each a namespace of its own.',
  ),
  'invalid-import': error(220, 'An import is not written as one.', 'Write a text, or a map of one import.'),
  'invalid-import-properties': error(
    221,
    'The properties of an import do not fit the plugin.',
    'Correct what the message names.',
  ),
  'name-conflict': error(4, 'Two files define the same name.', 'Rename one, or import with a namespace.'),
  'replaced-definition': warning(
    'A later file defines the same base type otherwise, and its definition counts.',
    'Keep one of the two.',
  ),
  'unmergeable-section': error(
    3,
    'A section cannot be spread over several files.',
    'Keep the section in one file, or raise the version to 1_3.',
  ),

  // Types
  'unknown-type': error(7, 'A node type is not defined.', 'Define or import the type.'),
  'unknown-relationship': error(26, 'A relationship type is not defined.', 'Define or import it.'),
  'unknown-data-type': error(103, 'A data type is not defined.', 'Define or import it.'),
  'type-cycle': error(100, 'A type derives from or contains itself.', 'Break the circle.'),
  'unknown-parent': error(103, 'A type derives from one that is not defined.', 'Define or import that type.'),
  'primitive-redefined': error(104, 'A data type has the name of a basic type.', 'Rename the data type.'),

  // Properties and inputs
  'empty-schema': error(
    null,
    'A property of a type is defined by nothing; told only with `--compat`.',
    'Write {} behind its name.',
    'DSLParsingElementMatchException',
  ),
  'unknown-property': error(106, 'A property is not defined by the type.', 'Remove it, or correct its name.'),
  'missing-property': error(107, 'A property that the type requires is missing.', 'Give it a value.'),
  'wrong-type': error(105, 'A value is not of the declared type.', 'Write a value of that type.'),
  'wrong-input': error(
    214,
    'The value given for an input is not of its type.',
    'Give a value of that type.',
    'DSLParsingException',
  ),
  'function-in-input': error(null, 'An input that is given holds a function.', 'Give it a plain value.'),
  'computed-secret-name': error(null, 'The name of a secret is computed.', 'Write it, or take an input.'),
  'wrong-input-function': error(
    null,
    'The value of an input is not of the type that its reader declares.',
    'Give a value of that type.',
    'InputEvaluationError',
  ),
  'item-type-without-list': error(218, 'item_type stands where no list is.', 'Make the type list.'),
  'invalid-item-type': error(217, 'The items of a list have an unknown type.', 'Use a basic type.'),
  'display-without-textarea': error(
    216,
    'display stands where no textarea is.',
    'Make the type textarea.',
    'DSLParsingInputTypeException',
  ),
  'unknown-constraint': error(103, 'A constraint is not known.', 'Use one of those that are named.'),
  'invalid-constraint': error(212, 'A constraint has a wrong argument.', 'Write what the message asks for.'),
  'unmatchable-pattern': error(
    null,
    'A pattern is one that Braid cannot match in a time that has an end.',
    'Write it without references to groups and without looking ahead within one, and shorter if need be.',
  ),
  'constraint-broken': error(
    null,
    'A value breaks a constraint.',
    'Choose a value that fulfils it.',
    'ConstraintException',
  ),
  'function-not-allowed': error(
    213,
    'An input with constraints has a function as its value.',
    'Write a plain value.',
    'DSLParsingException',
  ),
  'external-by-function': error(219, 'use_external_resource is a function.', 'Write true or false.'),
  'hidden-without-default': error(215, 'A hidden required input has no default.', 'Give it a default.'),
  'unknown-input': error(
    null,
    'An input is not declared.',
    'Declare it under inputs, or correct its name.',
    'UnknownInputError',
  ),
  'missing-input': error(
    null,
    'A required input has no value.',
    'Give the input a value.',
    'MissingRequiredInputError',
  ),
  'unused-input': warning('No function reads an input.', 'Remove the input, or use it.'),

  // Nodes and relationships
  'unknown-target': error(25, 'A relationship leads to a node that does not exist.', 'Correct its target.'),
  'self-target': error(23, 'A node has a relationship to itself.', 'Choose another target.'),
  'two-containers': error(112, 'A node is contained in more than one node.', 'Keep one contained_in.'),
  'relationship-cycle': error(100, 'Relationships lead in a circle.', 'Remove one of them.'),
  'relationships-collapse': warning(
    'A node has two relationships to the same node; Cloudify would drop one of them.',
    'Join the two into one relationship type.',
  ),
  'unsupported-relationship': warning(
    'A relationship is none of contained_in, connected_to and depends_on; Cloudify would not install it.',
    'Derive its type from one of them.',
  ),
  'relationship-of-no-kind': error(
    null,
    'A relationship is none of contained_in, connected_to and depends_on.',
    'Derive its type from one of them.',
    'UnsupportedRelationship',
  ),
  'invalid-connection-type': error(
    null,
    'A connection_type is not one.',
    'Write all_to_all or all_to_one.',
    'IllegalConnectedToConnectionType',
  ),
  'all-to-one-in-group': error(
    null,
    'Two nodes of one scaling group are connected by all_to_one.',
    'Write all_to_all: it stays within the group’s instance.',
    'UnsupportedAllToOneInGroup',
  ),
  'lifecycle-operation-missing': error(
    215,
    'A relationship to a lifecycle operation does not tell the operation.',
    'Add the property `operation`.',
  ),
  'lifecycle-operation-unknown': error(
    216,
    'A relationship waits for an operation that its target does not define itself.',
    'Define the operation in the target’s template, or correct its name.',
  ),
  'invalid-instances': error(207, 'The numbers of instances contradict each other.', 'Correct the numbers.'),
  'invalid-unbounded': error(208, 'A number of instances is a text.', 'Write a number, or UNBOUNDED.'),
  'instances-by-data': error(210, 'A number of instances is a map but no function.', 'Write a number.'),
  'instances-twice': error(209, 'The number of instances is told twice.', 'Keep capabilities.scalable.'),

  // Groups and policies
  'unknown-member': error(40, 'A group has a member that does not exist.', 'Correct the member.'),
  'unknown-policy-type': error(41, 'A policy type is not defined.', 'Define or import it.'),
  'unknown-trigger-type': error(42, 'A trigger type is not defined.', 'Define or import it.'),
  'group-cycle': error(200, 'Groups contain each other in a circle.', 'Break the circle.'),
  'member-of-two-groups': error(201, 'A member is in more than one scaling group.', 'Keep it in one.'),
  'members-not-together': error(202, 'Members of a scaling group share no container.', 'Group other nodes.'),
  'unsupported-policy': error(
    204,
    'The type of a policy is not supported.',
    'Use cloudify.policies.scaling.',
  ),
  'unknown-group': error(205, 'A policy targets a group that does not exist.', 'Correct the target.'),
  'no-targets': error(206, 'A policy has no targets.', 'Name at least one group.'),
  'group-named-as-node': error(211, 'A scaling group has the name of a node.', 'Rename the group.'),

  // Operations, plugins, workflows
  'unknown-plugin': error(
    10,
    'No plugin offers the implementation.',
    'Import the plugin, or correct the name.',
  ),
  'unknown-plugin-of-relationship': error(
    19,
    'No plugin offers the implementation of a relationship’s operation.',
    'Import the plugin, or correct the name.',
  ),
  'unknown-plugin-of-workflow': error(
    21,
    'No plugin offers the implementation of a workflow.',
    'Import the plugin, or correct the name.',
  ),
  'ambiguous-plugin': error(91, 'Several plugins offer the implementation.', 'Rename one of the plugins.'),
  'no-script-plugin': error(61, 'A script needs the script plugin.', 'Import cloudify/types/types.yaml.'),
  'reserved-input': error(60, 'An input has a name that scripts need for themselves.', 'Rename the input.'),
  'no-host': error(
    24,
    'An operation is for a host, but its node is on none.',
    'Contain it in a Compute node.',
  ),
  'invalid-executor': error(28, 'The executor is not known.', 'Use central_deployment_agent or host_agent.'),
  'plugin-executor': error(18, 'The executor of a plugin is not known.', 'Use one of the two.'),
  'plugin-source': error(50, 'A plugin that is to be installed tells no source.', 'Add install: false.'),
  'invalid-retries': error(
    null,
    'A number of retries or seconds is not allowed.',
    'Use -1, 0 or more.',
    'ValueError',
  ),
  'invalid-availability': error(103, 'An availability rule has a wrong value.', 'Use those that are named.'),
  'invalid-label': error(
    1,
    'A label has a wrong value.',
    'Write what the message asks for.',
    'DSLParsingException',
  ),
  'invalid-schedule': error(
    null,
    'A time, a length of time or a weekday of a schedule cannot be understood.',
    'Write it as the message shows.',
    'NonRecoverableError',
  ),
  'invalid-weekday': error(
    1,
    'A weekday is not one.',
    'Use su, mo, tu, we, th, fr, sa.',
    'DSLParsingException',
  ),
  'runtime-value': error(
    1,
    'A value that is needed before anything runs would be known only then.',
    'Write a value without get_attribute.',
    'DSLParsingException',
  ),
  'unknown-secret': error(null, 'A secret does not exist.', 'Create the secret.', 'UnknownSecretError'),
  'secrets-unsupported': error(
    null,
    'The blueprint reads secrets where there are none.',
    'Compile it where secrets are kept.',
    'UnsupportedGetSecretError',
  ),

  'operation-input-type': warning(
    'An input of an operation is not of the type that is declared for it.',
    'Write a value of that type.',
  ),
  'type-in-input': warning(
    'An input of an operation has a key `type`, which Cloudify takes for the input’s own type; told only with `--compat`.',
    'Give the key another name, or put it one level deeper.',
  ),

  // Functions
  'invalid-arguments': error(null, 'A function has wrong arguments.', 'Correct the arguments.', 'ValueError'),
  'illegal-argument': error(
    null,
    'A function has an argument of a kind that it cannot take.',
    'Correct the arguments.',
    'FunctionValidationError',
  ),
  'function-too-new': error(
    null,
    'The blueprint’s DSL version does not have a function yet.',
    'Raise the version.',
    'FunctionValidationError',
  ),
  'unknown-system-entity': error(
    null,
    'get_sys asks for something that is not known.',
    'Ask for tenant or deployment.',
    'UnknownSysEntityError',
  ),
  'unknown-system-property': error(
    null,
    'get_sys asks for a property that is not known.',
    'Ask for one of those that are named.',
    'UnknownSysPropertyError',
  ),
  'unknown-node': error(
    null,
    'A function names a node that does not exist.',
    'Correct the name.',
    'KeyError',
  ),
  'misplaced-reference': error(
    null,
    'SELF, SOURCE or TARGET stands where it has no meaning.',
    'Name a node, or use the reference that fits the place.',
    'ValueError',
  ),
  'evaluation-failed': error(
    null,
    'A function cannot be evaluated.',
    'Correct what the message names.',
    'FunctionEvaluationError',
  ),
  'input-path': error(
    null,
    'An input has nothing at the place that a function reads.',
    'Correct the path, or the input.',
    'InputEvaluationError',
  ),
  'property-cycle': error(
    null,
    'Properties are defined by each other in a circle.',
    'Break the circle.',
    'EvaluationRecursionLimitReached',
  ),
  'misspelt-function': warning(
    'Something looks like a function but is none, so it is taken as data.',
    'Correct the name of the function.',
  ),
  'hidden-function': warning('Of two functions in one map only the last counts.', 'Remove one of the two.'),
  'function-in-text': warning('A function inside a block of text stays text.', 'Build the text with concat.'),
} as const satisfies Record<string, Entry>;

export type DiagnosticCode = keyof typeof codes;

type Entry = {
  readonly severity: 'error' | 'warning';
  /** The number that Cloudify's parser gives the same mistake. */
  readonly peer: number | null;
  /** The class of its exception; null where it sees no mistake. */
  readonly peerClass: string | null;
  readonly summary: string;
  readonly remedy: string;
};

/** `peerClass`: by default the one that Cloudify uses for numbers of this kind. */
function error(
  peer: number | null,
  summary: string,
  remedy: string,
  peerClass: string | null = classOf(peer),
) {
  return { severity: 'error', peer, peerClass, summary, remedy } as const;
}

function warning(summary: string, remedy: string) {
  return { severity: 'warning', peer: null, peerClass: null, summary, remedy } as const;
}

function classOf(peer: number | null): string | null {
  if (peer === null) return null;
  return peer <= 2 || peer === 220 ? 'DSLParsingFormatException' : 'DSLParsingLogicException';
}
