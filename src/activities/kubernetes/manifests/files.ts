import { type Document, parseAllDocuments, type ParseOptions, type SchemaOptions, type Tags } from 'yaml';
import { failure } from '../../../contracts/failure.ts';
import type { Json } from '../../../contracts/json.ts';
import { jsonSchema } from '../../../contracts/json-schemas.ts';

/** Read as kubectl does: YAML 1.1, so that a mode 0644 is octal, but without its dates and base-60 numbers. */
export const asKubectl = { version: '1.1', customTags: withoutTimes } as const satisfies ParseOptions &
  SchemaOptions & { version: '1.1' };

/**
 * The documents of a manifest's text, empty ones left out. `change`: what is done to each before it becomes data.
 * Fails as OperationInputInvalid.
 */
export function readDocuments(
  content: string,
  file: string,
  change: (document: Document) => void = () => undefined,
): readonly Json[] {
  const documents: Json[] = [];
  for (const document of parseAllDocuments(content, asKubectl)) {
    const [error] = document.errors;
    if (error !== undefined)
      throw failure('OperationInputInvalid', `The manifest ${file} is no YAML: ${error.message}`);
    change(document);
    const value = jsonSchema.safeParse(document.toJS({ maxAliasCount: 100 }));
    if (!value.success) throw failure('OperationInputInvalid', `The manifest ${file} is not plain data.`);
    if (value.data !== null) documents.push(value.data);
  }
  return documents;
}

function withoutTimes(tags: Tags): Tags {
  return tags.filter(
    (tag) => typeof tag === 'string' || (tag.format !== 'TIME' && !tag.tag.endsWith(':timestamp')),
  );
}
