import { didYouMean } from '../diagnostics/suggest.ts';
import type { Context, Name } from '../sections/context.ts';
import type { Place } from '../source/place.ts';

type Derived = { readonly name: string; readonly at: Place; readonly derivedFrom: Name | null };

/**
 * Resolves every definition of one kind along its `derived_from`. `combine` adds a definition to what
 * its parent resolved to. A definition in a circle, or with an unknown parent, counts as a root.
 */
export function resolveChain<Definition extends Derived, Resolved>(
  definitions: ReadonlyMap<string, Definition>,
  combine: (definition: Definition, parent: Resolved | null) => Resolved,
  context: Context,
): ReadonlyMap<string, Resolved> {
  const resolved = new Map<string, Resolved>();
  const open = new Set<string>();

  function resolve(definition: Definition): Resolved {
    const known = resolved.get(definition.name);
    if (known !== undefined) return known;
    open.add(definition.name);
    const result = combine(definition, resolveParent(definition));
    open.delete(definition.name);
    resolved.set(definition.name, result);
    return result;
  }

  function resolveParent({ name, derivedFrom }: Definition): Resolved | null {
    if (derivedFrom === null) return null;
    const parent = definitions.get(derivedFrom.text);
    if (parent === undefined) {
      const hint = didYouMean(derivedFrom.text, definitions.keys());
      const message = `\`${name}\` derives from \`${derivedFrom.text}\`, which is not defined.`;
      context.reporter.report('unknown-parent', derivedFrom.at, message, hint);
      return null;
    }
    if (!open.has(parent.name)) return resolve(parent);
    const circle = [...open].slice([...open].indexOf(parent.name));
    const message = `\`${name}\` derives from itself: ${[...circle, parent.name].join(' → ')}.`;
    context.reporter.report('type-cycle', derivedFrom.at, message);
    return null;
  }

  for (const definition of definitions.values()) resolve(definition);
  return resolved;
}
