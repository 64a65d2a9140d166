import type { Diagnostic } from '../contracts/diagnostic.ts';

/** A file may be no larger to be read at every keystroke; `braid validate` reads larger ones. */
export const mostCharacters = 2_000_000;

/** What a file that no blueprint imports can be told by itself: the rest depends on who imports it. */
const ofFragments = ['invalid-yaml', 'duplicate-key', 'unknown-alias', 'unknown-key', 'wrong-shape'];

export function problemsOfFragment(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ code }) => ofFragments.includes(code));
}

/** What several blueprints say of a file that they share, each thing once. */
export function withoutRepeats<T extends Diagnostic>(diagnostics: readonly T[]): readonly T[] {
  return [...new Map(diagnostics.map((one) => [keyOf(one), one])).values()];
}

function keyOf({ code, line, column, message }: Diagnostic): string {
  return `${code} ${line}:${column} ${message}`;
}

/** Whether a text is of a blueprint at all: editors show other YAML files too. */
export function isBlueprint(text: string): boolean {
  return /^tosca_definitions_version[ \t]*:/m.test(text);
}

/** Whether a text may be a part of a blueprint, such as the types of a plugin. */
export function isFragment(text: string): boolean {
  return /^(?:node_templates|node_types|dsl_definitions)[ \t]*:/m.test(text);
}
