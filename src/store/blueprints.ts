/** Blueprint folders kept by content: what an execution started with stays as it was. */
export type BlueprintStore = {
  /** Keeps a copy of the folder that holds `main`, and tells its reference, `sha256:…`. */
  put(main: string): Promise<StoredBlueprint>;
  /** A file of the blueprint's folder. Fails as BlueprintNotFound; a path that climbs out is refused. */
  read(reference: string, path: string): Promise<Buffer>;
  exists(reference: string, path: string): Promise<boolean>;
};
export type StoredBlueprint = { readonly reference: string; readonly main: string };
