import { randomBytes } from 'node:crypto';
import { type Document, isScalar, type Node, parseDocument, Scalar, visit } from 'yaml';
import { failure } from '../../../contracts/failure.ts';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import { jsonSchema } from '../../../contracts/json-schemas.ts';
import { at } from '../objects.ts';
import { asKubectl, readDocuments } from './files.ts';
import { asText, bringsKeys } from './substituted.ts';

/**
 * The documents of a manifest's text with `{{ name }}` and `{{ name.key }}` filled in. The text is parsed first, so
 * that a value stays within the scalar that names it: it adds no key and no document, and stands in no key. Other
 * template language is refused, since nothing is evaluated. Fails as OperationInputInvalid.
 */
export function readTemplate(content: string, variables: JsonObject, file: string): readonly Json[] {
  if (Object.keys(variables).length === 0) return readDocuments(content, file);
  if (content.includes('{%')) throw wrong(file, '«{%». Only {{ variable }} is understood');
  const { text, places } = withPlaces(content, variables, file);
  return readDocuments(text, file, (document) => fill(document, places, file));
}

type Place = { readonly written: string; readonly value: Json };
/** By the word that stands in the text where the variable was. */
type Places = ReadonlyMap<string, Place>;

const variable = /\{\{([^{}]*)\}\}/gu;

/** A text in which words that nobody can guess, and YAML reads as they are, stand for the variables. */
function withPlaces(
  content: string,
  variables: JsonObject,
  file: string,
): { readonly text: string; readonly places: Places } {
  const prefix = `braid${randomBytes(16).toString('hex')}n`;
  const places = new Map<string, Place>();
  const text = content.replaceAll(variable, (written, inside: string) => {
    const path = inside.trim();
    const value = /^\w[\w.-]*$/u.test(path) ? at(variables, ...path.split('.')) : undefined;
    if (value === undefined) throw wrong(file, `«${written}», which template_variables do not give`);
    if (bringsKeys(value))
      throw wrong(
        file,
        `«${written}», which is an object: name what of it, or write it as definition or config`,
      );
    const word = `${prefix}${places.size}x`;
    places.set(word, { written, value });
    return word;
  });
  return { text, places };
}

function fill(document: Document, places: Places, file: string): void {
  visit(document, {
    Pair: (_, { key }) => refuseIn(key, places, file),
    Scalar: (_, scalar) => filled(scalar, places, document),
  });
}

function refuseIn(key: unknown, places: Places, file: string): void {
  const text = isScalar(key) ? String(key.value) : JSON.stringify(key);
  const place = [...places].find(([word]) => text.includes(word));
  if (place !== undefined) throw wrong(file, `«${place[1].written}» in a key, where nothing is filled in`);
}

/** Whole and without quotes the value keeps its type; else it is a text, or a part of one. */
function filled(scalar: Scalar, places: Places, document: Document): Node | undefined {
  if (typeof scalar.value !== 'string') return undefined;
  const isPlain = scalar.type === Scalar.PLAIN;
  const whole = places.get(scalar.value);
  if (isPlain && whole !== undefined && typeof whole.value !== 'string')
    return document.createNode(whole.value);
  let text = scalar.value;
  for (const [word, { value }] of places) text = text.replaceAll(word, () => asText(value));
  if (text !== scalar.value) scalar.value = isPlain ? plainValue(text) : text;
  return undefined;
}

/** No number, and no other word that is more than a text, is longer. */
const longestWord = 64;

/** Without quotes a text reads as if it were written there, but only ever as one scalar. */
function plainValue(text: string): unknown {
  if (text === '') return null;
  if (text.length > longestWord || /\s/u.test(text)) return text;
  const { contents, errors } = parseDocument(text, asKubectl);
  const isItself =
    errors.length === 0 && isScalar(contents) && contents.type === Scalar.PLAIN && contents.source === text;
  // YAML has numbers that JSON has not; a single dot is one of them.
  return isItself && jsonSchema.safeParse(contents.value).success ? contents.value : text;
}

function wrong(file: string, what: string): Error {
  return failure('OperationInputInvalid', `The manifest ${file} has ${what}.`);
}
