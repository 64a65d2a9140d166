/** Makes ids of instances, `node_x7k2pd`, none of which is taken. */
export function freshIds(newSuffix: () => string, taken: Iterable<string> = []): (name: string) => string {
  const used = new Set(taken);
  return (name) => {
    for (;;) {
      const id = `${name}_${newSuffix()}`;
      if (used.has(id)) continue;
      used.add(id);
      return id;
    }
  };
}
