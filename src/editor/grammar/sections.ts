import { parameterSchema, propertySchema, requiredText, scalable } from './schemas.ts';
import {
  boolean,
  choice,
  either,
  field,
  fields,
  integer,
  list,
  name,
  required,
  table,
  text,
  value,
} from './shape.ts';

const mapping = name('implementation');

/** Sections that few blueprints have. */
export const workflows = table(
  either(
    mapping,
    fields({
      mapping: required(mapping, 'What does it: `plugin.workflow`, or the path of a script.'),
      parameters: field(table(parameterSchema), 'What the workflow is given.'),
      is_cascading: field(boolean, 'Whether it runs on deployments inside this one too.'),
      availability_rules: field(
        fields({
          available: field(boolean, 'Whether the workflow is offered at all.'),
          node_instances_active: field(
            list(choice('all', 'partial', 'none')),
            'How many node instances must be active.',
          ),
          node_types_required: field(list(name('node type')), 'Types of which there must be a node.'),
        }),
        'When the workflow is offered.',
      ),
    }),
  ),
);

const trigger = fields({
  type: required(name('trigger type'), 'The type of the trigger.'),
  parameters: field(table(value), 'Values for the parameters of the trigger’s type.'),
});

export const groups = table(
  fields({
    members: required(list(name('group member')), 'Nodes, and other groups.'),
    policies: field(
      table(
        fields({
          type: required(name('policy type'), 'The type of the policy.'),
          properties: field(
            table(value, 'policy properties'),
            'Values for the properties of the policy’s type.',
          ),
          triggers: field(table(trigger), 'What the policy sets off.'),
        }),
      ),
      'How the group is watched.',
    ),
  }),
);

export const policies = table(
  fields({
    type: required(choice('cloudify.policies.scaling'), 'The type of the policy.'),
    targets: required(list(name('group')), 'The groups that are scaled.'),
    properties: field(scalable, 'The numbers of instances of the groups.'),
  }),
);

const source = requiredText('The file that implements it.');

export const policyTypes = table(
  fields({ source, properties: field(table(propertySchema), 'The properties, by name.') }),
);

export const policyTriggers = table(
  fields({ source, parameters: field(table(propertySchema), 'The parameters, by name.') }),
);

const schedule = fields({
  workflow: requiredText('The workflow that is run.'),
  since: requiredText('When it is run first: a date and time, or a time from now such as `+1 day`.'),
  until: field(text, 'When it is run last.'),
  recurrence: field(text, 'How much time is between two runs, such as `2 weeks`.'),
  count: field(integer, 'How often it is run at most.'),
  timezone: field(text, 'The time zone of the times.'),
  weekdays: field(list(text), 'The days on which it is run: `mo`, or one of the month such as `2mo`.'),
  workflow_parameters: field(table(value), 'What the workflow is given.'),
  execution_arguments: field(
    fields({
      force: field(boolean, 'Whether it runs beside another execution.'),
      is_dry_run: field(boolean, 'Whether it only shows what it would do.'),
      allow_custom_parameters: field(
        boolean,
        'Whether parameters are allowed that the workflow does not declare.',
      ),
      wait_after_fail: field(integer, 'Seconds to wait after a failure.'),
    }),
    'How the execution is started.',
  ),
  default_enabled: field(boolean, 'Whether the schedule is on at first.'),
  stop_after_fail: field(boolean, 'Whether it ends after a run that failed.'),
  slip: field(integer, 'How many minutes late it may start.'),
});

export const deploymentSettings = fields({
  id_template: field(text, 'How ids of deployments are made.'),
  display_name: field(value, 'How deployments are called.'),
  default_schedules: field(table(schedule), 'Workflows that are run by the clock.'),
  default_groups: field(list(text), 'Groups of deployments that a new one is put into.'),
});
