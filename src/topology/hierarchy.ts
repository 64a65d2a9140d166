/** The types whose descendants the engine treats in their own way. */
export const baseTypes = {
  compute: 'cloudify.nodes.Compute',
  containedIn: 'cloudify.relationships.contained_in',
} as const;

export function isA(typeHierarchy: readonly string[], type: string): boolean {
  return typeHierarchy.includes(type);
}
