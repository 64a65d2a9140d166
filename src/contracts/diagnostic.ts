/** Something said about a blueprint, at a place in one of its files. Lines and columns count from 1. */
export type Diagnostic = {
  /** Stable and documented, e.g. `unknown-type`. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** What is wrong, in one sentence. */
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What to do about it. */
  readonly hint: string | null;
  /** The number that Cloudify's parser gives the same mistake. */
  readonly peerCode: number | null;
  /** The imports that lead to the file, the nearest first; none for the main file. */
  readonly importedFrom: readonly DiagnosticPlace[];
  /** The type that asks for it and the types from which that derives, in this order; none where no type does. */
  readonly types: readonly ({ readonly name: string } & DiagnosticPlace)[];
  /** Where the code is explained, from the root of the project. */
  readonly docs: string;
};

export type DiagnosticPlace = Pick<Diagnostic, 'file' | 'line' | 'column' | 'endLine' | 'endColumn'>;
