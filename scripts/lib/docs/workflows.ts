import { z } from 'zod';
import { checkInputSchema } from '../../../src/contracts/workflows/check.ts';
import { healInputSchema } from '../../../src/contracts/workflows/heal.ts';
import { installInputSchema } from '../../../src/contracts/workflows/install.ts';
import { proveInputSchema } from '../../../src/contracts/workflows/prove.ts';
import { uninstallInputSchema } from '../../../src/contracts/workflows/uninstall.ts';
import { madeFrom, markdownTable } from './markdown.ts';

const workflows = [
  {
    name: 'install',
    schema: installInputSchema,
    does: 'Installs a deployment, or goes on with one that is not complete. What is there already is left as it is.',
    result:
      '`{deployment, outputs, capabilities, instances}`: the outputs and capabilities, and how many node instances are started.',
  },
  {
    name: 'uninstall',
    schema: uninstallInputSchema,
    does: 'Removes all that a deployment made, in the reverse order, and the deployment. Refused while other deployments use it.',
    result:
      '`{deployment, removed, remains}`: with `force`, `remains` lists what could not be removed, and why.',
  },
  {
    name: 'check',
    schema: checkInputSchema,
    does: 'Compares what is there with the plan, and touches nothing.',
    result: '`{deployment, healthy, instances: [{instance, node, healthy, reason, facts}]}`.',
  },
  {
    name: 'heal',
    schema: healInputSchema,
    does: 'Looks at all of a deployment at once and repairs what is not well in the order of its dependencies: in place where it can be, else by making it anew with what it contains. What is healthy is not touched. Components in which something is ill are healed as children.',
    result:
      '`{deployment, checked, repairs: [{deployment, instance, node, reason, action}], unwell: [{deployment, instance, reason}], traffic: [{instance, seconds}]}`; `repairs` is empty when nothing was to be done, `unwell` is what was found in deployments that this one only uses, and `traffic` tells after how long traffic came back, by probe, where it had stopped.',
  },
  {
    name: 'prove',
    schema: proveInputSchema,
    does: 'Proves that a service chain carries its traffic: requests through it, with what each hop counted meanwhile.',
    result:
      '`{deployment, proven, traffic, hops, controls, problems}`; `problems` says what kept it from being proven.',
  },
] as const;

const propertySchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
});

export function workflowsPage(): string {
  return `${[
    madeFrom('src/contracts/workflows'),
    '# Workflows',
    'Each takes exactly one JSON object, on the task queue `braid`. A wrong one fails at once as [InvalidInput](errors.md#InvalidInput). How to start them: [starting workflows](starting-workflows.md).',
    ...workflows.map(({ name, schema, does, result }) =>
      [`## ${name}`, does, fieldsTable(z.toJSONSchema(schema, { io: 'input' })), `Result: ${result}`].join(
        '\n\n',
      ),
    ),
  ].join('\n\n')}\n`;
}

function fieldsTable(schema: z.core.JSONSchema.JSONSchema): string {
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const { type, enum: values, description, default: initial } = propertySchema.parse(property);
    const kind =
      values === undefined ? (type ?? 'any') : values.map((value) => JSON.stringify(value)).join(' or ');
    const otherwise = required.has(name)
      ? 'required'
      : initial === undefined
        ? 'none'
        : `\`${JSON.stringify(initial)}\``;
    return [`\`${name}\``, kind, otherwise, description ?? ''];
  });
  return markdownTable(['field', 'type', 'default', 'meaning'], rows);
}
