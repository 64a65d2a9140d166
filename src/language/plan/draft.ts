import type { Reporter } from '../diagnostics/reporter.ts';
import { didYouMean } from '../diagnostics/suggest.ts';
import type { Blueprint } from '../sections/blueprint.ts';
import { type Context, missingKey, recalled } from '../sections/context.ts';
import type { NodeTemplate, RelationshipTemplate } from '../sections/node-templates.ts';
import type { Operations } from '../sections/operations.ts';
import type { Schema } from '../sections/schema.ts';
import type { Entry, Node } from '../source/node.ts';
import { mergeOperation, type Operation } from '../types/merge-operation.ts';
import type { Resolved, ResolvedNodeType, ResolvedRelationship, Types } from '../types/resolve.ts';
import { bindValues } from '../types/values.ts';

/** Node templates with their types applied; functions are still as written. */
export type DraftNode = {
  readonly template: NodeTemplate;
  readonly type: ResolvedNodeType;
  readonly properties: ReadonlyMap<string, Node>;
  readonly operations: readonly Operation[];
  readonly relationships: readonly DraftRelationship[];
};
export type DraftRelationship = {
  readonly template: RelationshipTemplate;
  readonly type: ResolvedRelationship;
  readonly target: string;
  readonly properties: ReadonlyMap<string, Node>;
  readonly sourceOperations: readonly Operation[];
  readonly targetOperations: readonly Operation[];
};
export type Draft = ReadonlyMap<string, DraftNode>;

export function draftNodes(blueprint: Blueprint, types: Types, context: Context): Draft {
  const drafts = new Map<string, DraftNode>();
  for (const template of blueprint.nodeTemplates.values()) {
    const targets = template.relationships.map(({ target }) => blueprint.nodeTemplates.get(target.text));
    const draft = recalled('draft', [template, types, ...targets], context, (inner) =>
      draftNode(template, blueprint, types, inner),
    );
    if (draft !== null) drafts.set(template.name, draft);
  }
  return drafts;
}

function draftNode(
  template: NodeTemplate,
  blueprint: Blueprint,
  types: Types,
  context: Context,
): DraftNode | null {
  const relationships = template.relationships.flatMap((one) =>
    draftRelationship(one, template, blueprint, types, context),
  );
  if (template.type === null) {
    missingKey('type', template.at, `The node template \`${template.name}\``, context);
    return null;
  }
  const type = types.nodeTypes.get(template.type.text);
  if (type === undefined) {
    const message = `\`${template.name}\` is of the type \`${template.type.text}\`, which is not defined.`;
    const hint = didYouMean(template.type.text, types.nodeTypes.keys());
    context.reporter.report('unknown-type', template.type.at, message, hint);
    return null;
  }
  const owner = `The node \`${template.name}\``;
  const inner = asked(type, types.nodeTypes, context);
  const properties = bindValues(template.properties, type.properties, {
    owner,
    at: template.propertiesAt,
    mayMiss: false,
    dataTypes: types.dataTypes,
    context: inner,
  });
  const operations = draftOperations(template.interfaces, type.operations, owner, types, inner);
  return { template, type, properties, operations, relationships };
}

function draftRelationship(
  template: RelationshipTemplate,
  source: NodeTemplate,
  blueprint: Blueprint,
  types: Types,
  context: Context,
): DraftRelationship[] {
  checkTarget(template, blueprint, context);
  const type = types.relationships.get(template.type.text);
  if (type === undefined) {
    const message = `The relationship type \`${template.type.text}\` is not defined.`;
    const hint = didYouMean(template.type.text, types.relationships.keys());
    context.reporter.report('unknown-relationship', template.type.at, message, hint);
    return [];
  }
  checkLifecycle(template, source, blueprint, context);
  const owner = `The relationship of \`${source.name}\` to \`${template.target.text}\``;
  const { dataTypes } = types;
  const inner = asked(type, types.relationships, context);
  const binding = { owner, at: template.at, mayMiss: false, dataTypes, context: inner };
  return [
    {
      template,
      type,
      target: template.target.text,
      properties: bindValues(template.properties, type.properties, binding),
      sourceOperations: draftOperations(
        template.sourceInterfaces,
        type.sourceOperations,
        owner,
        types,
        inner,
      ),
      targetOperations: draftOperations(
        template.targetInterfaces,
        type.targetOperations,
        owner,
        types,
        inner,
      ),
    },
  ];
}

/** What is reported tells that a type asks for it. */
function asked(type: Resolved, all: ReadonlyMap<string, Resolved>, context: Context): Context {
  const { reporter } = context;
  const report: Reporter['report'] = (code, at, message, hint) => {
    const chain = type.hierarchy.flatMap((name) => all.get(name) ?? []).reverse();
    reporter.report(code, at, message, hint, chain);
  };
  return { ...context, reporter: { ...reporter, report } };
}

const onLifecycle = 'cloudify.relationships.depends_on_lifecycle_operation';
const lifecycle = 'cloudify.interfaces.lifecycle';

/** The target's own template must define the operation that is waited for. */
function checkLifecycle(
  { type, target, properties, at }: RelationshipTemplate,
  source: NodeTemplate,
  blueprint: Blueprint,
  context: Context,
): void {
  if (type.text !== onLifecycle) return;
  const operation = properties.get('operation')?.value;
  const name = operation?.kind === 'scalar' ? String(operation.value ?? '') : 'a value that is no name';
  if (operation === undefined || name === '') {
    const message = `The relationship of \`${source.name}\` to \`${target.text}\` does not tell its \`operation\`.`;
    context.reporter.report('lifecycle-operation-missing', operation?.at ?? at, message);
    return;
  }
  const node = blueprint.nodeTemplates.get(target.text);
  if (node === undefined) return;
  const known = [...node.interfaces.keys()].filter((one) => one.startsWith(`${lifecycle}.`));
  if (known.includes(`${lifecycle}.${name}`)) return;
  const message = `\`${target.text}\` does not define the operation \`${name}\` of ${lifecycle} in its own template.`;
  const hint = didYouMean(
    name,
    known.map((one) => one.slice(lifecycle.length + 1)),
  );
  context.reporter.report('lifecycle-operation-unknown', operation.at, message, hint);
}

function checkTarget({ target }: RelationshipTemplate, blueprint: Blueprint, context: Context): void {
  if (blueprint.nodeTemplates.has(target.text)) return;
  const hint = didYouMean(target.text, blueprint.nodeTemplates.keys());
  context.reporter.report('unknown-target', target.at, `There is no node \`${target.text}\`.`, hint);
}

function draftOperations(
  template: Operations<Entry>,
  type: Operations<Schema>,
  owner: string,
  { dataTypes }: Types,
  context: Context,
): readonly Operation[] {
  return [...new Set([...type.keys(), ...template.keys()])].flatMap((name) => {
    const binding = {
      owner: `The operation \`${name}\` of ${lower(owner)}`,
      mayMiss: false,
      dataTypes,
      context,
    };
    const operation = mergeOperation(template.get(name), type.get(name), binding);
    return operation === null || operation.implementation.text === '' ? [] : [operation];
  });
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
