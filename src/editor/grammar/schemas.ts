import {
  boolean,
  choice,
  either,
  field,
  fields,
  integer,
  list,
  name,
  number,
  required,
  text,
  value,
} from './shape.ts';

/** Each constraint of an input, with what it asks for. */
const constraints = {
  equal: field(value, 'The value must be this one.'),
  greater_than: field(value, 'The value must be greater than this number.'),
  greater_or_equal: field(value, 'The value must be this number or a greater one.'),
  less_than: field(value, 'The value must be less than this number.'),
  less_or_equal: field(value, 'The value must be this number or a smaller one.'),
  in_range: field(
    list(value),
    'The value must be from the first to the second number; `UNBOUNDED` is no limit.',
  ),
  valid_values: field(list(value), 'The value must be one of these.'),
  length: field(integer, 'How long the text, list or dict must be.'),
  min_length: field(integer, 'How long the text, list or dict must be at least.'),
  max_length: field(integer, 'How long the text, list or dict may be at most.'),
  pattern: field(text, 'A regular expression that the text must match from its start.'),
  filter_id: field(value, 'The name of a filter that the object must pass.'),
  labels: field(value, 'Labels that the object must have.'),
  tenants: field(value, 'Tenants that the object may be of.'),
  name_pattern: field(value, 'What the name of the object must match.'),
  deployment_id: field(value, 'The deployment that the object must be of.'),
};

const property = {
  type: field(
    name('schema type'),
    'The type of the value: a basic type or one of `data_types`. Default: any.',
  ),
  default: field(value, 'The value when none is given; without a default one must be given.'),
  description: field(text, 'What it is for, in words.'),
  required: field(boolean, 'Whether there must be a value. Default: true.'),
};

const parameter = {
  ...property,
  item_type: field(name('schema type'), 'The type of the items of a list.'),
  constraints: field(
    list(
      fields({ ...constraints, error_message: field(text, 'What is said when the constraint is not met.') }),
    ),
    'What the value must be like.',
  ),
};

/** A property of a type. */
export const propertySchema = fields(property);

/** A parameter of a workflow. */
export const parameterSchema = fields(parameter);

/** An input of the blueprint, or of an operation that a type declares. */
export const inputSchema = fields({
  ...parameter,
  display_label: field(text, 'What a form calls the input.'),
  hidden: field(boolean, 'Whether forms leave the input out.'),
  display: field(
    fields({ rows: field(integer, 'How many lines a text area shows.') }),
    'How a form shows the input.',
  ),
});

/** How many instances there are, as functions or numbers. */
export const scalable = fields({
  default_instances: field(value, 'How many instances there are at first. Default: 1.'),
  min_instances: field(value, 'How many instances there must be at least. Default: 0.'),
  max_instances: field(value, 'How many instances there may be at most; `UNBOUNDED` or -1: any number.'),
});

const executor = choice('central_deployment_agent', 'host_agent', 'auto');

const operation = {
  implementation: field(
    name('implementation'),
    'What does it: `plugin.operation`, the path of a script, or nothing.',
  ),
  executor: field(executor, 'Where the operation runs.'),
  max_retries: field(integer, 'How often it is tried again; -1: without limit.'),
  retry_interval: field(number, 'Seconds between two attempts.'),
  timeout: field(number, 'Seconds that one attempt may take.'),
  timeout_recoverable: field(boolean, 'Whether an attempt that took too long is tried again. Default: true.'),
};

/** Operations by interface and name, as types declare them: inputs are schemas. */
export const typeInterfaces = interfaces({ kind: 'table', of: inputSchema, keys: null });

/** Operations by interface and name, as templates give them: inputs are values. */
export const templateInterfaces = interfaces({ kind: 'table', of: value, keys: 'operation inputs' });

function interfaces(inputs: Parameters<typeof field>[0]) {
  const one = either(
    name('implementation'),
    fields({ ...operation, inputs: field(inputs, 'What the operation is given.') }),
  );
  return {
    kind: 'table',
    keys: 'interfaces',
    of: { kind: 'table', keys: 'operations', of: one },
  } as const;
}

export const description = field(text, 'What it is, in words.');
export const requiredText = (words: string) => required(text, words);
