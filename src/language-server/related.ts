import type { Diagnostic, DiagnosticPlace } from '../contracts/diagnostic.ts';

/** A problem with the places that explain how it came about. */
export type Problem = Diagnostic & { readonly related: readonly Related[] };
/** `key`: of the file, which an editor may call otherwise. */
export type Related = { readonly key: string; readonly place: DiagnosticPlace; readonly message: string };

/** The types that ask for something, and the imports that lead to the file, the nearest first. */
export function withRelated(diagnostic: Diagnostic, keyOf: (file: string) => string): Problem {
  const { file, types, importedFrom } = diagnostic;
  const ofTypes = types.map((type, index) => {
    const derived = types[index - 1]?.name;
    const message =
      derived === undefined
        ? `The type ${type.name} is defined here.`
        : `${derived} derives from ${type.name}, which is defined here.`;
    return { key: keyOf(type.file), place: type, message };
  });
  const ofImports = importedFrom.map((place, index) => {
    const message = `${importedFrom[index - 1]?.file ?? file} is imported here.`;
    return { key: keyOf(place.file), place, message };
  });
  return { ...diagnostic, related: [...ofTypes, ...ofImports] };
}
