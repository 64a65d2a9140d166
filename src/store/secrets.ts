/** Where secrets live; only their names travel. Names are paths, `own/kubeconfig`; see `secret-names.ts`. */
export type SecretStore = {
  /** Fails as SecretNotFound. */
  get(name: string): Promise<string>;
  put(name: string, value: string): Promise<void>;
  /** What is there, or what `make` gives, stored once even when two ask at the same time. */
  ensure(name: string, make: () => Promise<string>): Promise<string>;
  /** Absence is success. */
  remove(name: string): Promise<void>;
  /** Names that begin so, sorted. */
  list(prefix: string): Promise<readonly string[]>;
};
