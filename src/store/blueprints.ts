/** Blueprint folders kept by content: what an execution started with stays as it was. */
export type BlueprintStore = {
  /**
   * Keeps a copy of the folder that holds `main`, and tells its reference, `hmac-sha256:…`. `main` is a path
   * inside the worker's blueprint folder. `announce` is told the reference, and awaited, before anything is written:
   * whoever removes what nobody uses must know by then. Fails as BlueprintNotFound when there is none, and as
   * BlueprintInvalid when the folder is too large or holds a symbolic link.
   */
  put(main: string, announce?: (reference: string) => Promise<void>): Promise<StoredBlueprint>;
  /** A file of the blueprint's folder. Fails as BlueprintNotFound; a path that climbs out is refused. */
  read(reference: string, path: string): Promise<Buffer>;
  exists(reference: string, path: string): Promise<boolean>;
  /** The paths of all its files, sorted. Fails as BlueprintNotFound. */
  list(reference: string): Promise<readonly string[]>;
};
/** `main`: the path of the main file within the copy. */
export type StoredBlueprint = { readonly reference: string; readonly main: string };
