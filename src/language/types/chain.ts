import { didYouMean } from '../diagnostics/suggest.ts';
import type { Context, Name } from '../sections/context.ts';
import type { Place } from '../source/place.ts';

/** How many ancestors a type may have. */
const deepest = 200;

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
  const depths = new Map<string, number>();
  for (const definition of definitions.values()) {
    // Without recursion, whatever a file may say.
    let parent: Resolved | null = null;
    let depth = 0;
    for (const ancestor of lineageOf(definition).reverse()) {
      depth = depths.get(ancestor.name) ?? depth + 1;
      if (depth > deepest) {
        const message = `\`${ancestor.name}\` has more than ${deepest} ancestors.`;
        context.reporter.report('too-deep', ancestor.derivedFrom?.at ?? ancestor.at, message);
        [depth, parent] = [1, null];
      }
      parent = resolved.get(ancestor.name) ?? combine(ancestor, parent);
      resolved.set(ancestor.name, parent);
      depths.set(ancestor.name, depth);
    }
  }
  return resolved;

  /** From the definition itself up to a root, or to one that is resolved already. */
  function lineageOf(definition: Definition): Definition[] {
    const line: Definition[] = [];
    const open = new Set<Definition>();
    for (let here: Definition | null = definition; here !== null; here = parentOf(here, line, open)) {
      line.push(here);
      open.add(here);
      if (resolved.has(here.name)) break;
    }
    return line;
  }

  function parentOf(
    { name, derivedFrom }: Definition,
    line: readonly Definition[],
    open: ReadonlySet<Definition>,
  ): Definition | null {
    if (derivedFrom === null) return null;
    const parent = definitions.get(derivedFrom.text);
    if (parent === undefined) {
      const hint = didYouMean(derivedFrom.text, definitions.keys());
      const message = `\`${name}\` derives from \`${derivedFrom.text}\`, which is not defined.`;
      context.reporter.report('unknown-parent', derivedFrom.at, message, hint);
      return null;
    }
    if (!open.has(parent)) return parent;
    const circle = line.slice(line.indexOf(parent)).map((one) => one.name);
    const message = `\`${name}\` derives from itself: ${[...circle, parent.name].join(' → ')}.`;
    context.reporter.report('type-cycle', derivedFrom.at, message);
    return null;
  }
}
