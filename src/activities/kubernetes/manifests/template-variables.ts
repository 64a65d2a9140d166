import { failure } from '../../../contracts/failure.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { at } from '../objects.ts';

/** Fills `{{ name }}` and `{{ name.key }}`; other template language is refused, since nothing is evaluated. */
export function fillTemplate(content: string, variables: JsonObject, file: string): string {
  if (Object.keys(variables).length === 0) return content;
  if (content.includes('{%'))
    throw failure(
      'OperationInputInvalid',
      `The manifest ${file} has «{%». Only {{ variable }} is understood.`,
    );
  return content.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/gu, (written, path: string) => {
    const value = /^\w[\w.-]*$/u.test(path) ? at(variables, ...path.split('.')) : undefined;
    if (value === undefined)
      throw failure(
        'OperationInputInvalid',
        `The manifest ${file} has «${written}», which template_variables do not give.`,
      );
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}
