import type { Json, JsonObject } from '../../../src/contracts/json.ts';

/** A case of a file of conformance cases; see the README beside that file for what each field means. */
export type Case = {
  readonly id: string;
  readonly phase: string;
  readonly expect: 'ok' | 'error';
  readonly exception?: string;
  readonly code?: number;
  readonly yaml?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly blueprints?: Readonly<Record<string, string>>;
  readonly main_file?: string;
  readonly inputs?: JsonObject;
  readonly options?: CaseOptions;
  readonly checks?: readonly Check[];
  readonly group?: JsonObject;
  readonly modified_nodes?: JsonObject;
  readonly function?: string;
  readonly payload?: Json;
  readonly context?: JsonObject;
  readonly storage?: JsonObject;
  readonly from_phase?: string;
  readonly merger?: string;
  readonly expected_merged_operation?: JsonObject;
} & { readonly [field: string]: unknown };

export type CaseOptions = {
  readonly secrets?: Json;
  readonly auto_correct_types?: boolean;
  readonly runtime_only_evaluation?: boolean;
  readonly validate_version?: boolean;
};

export type Check = { readonly path: readonly Step[]; readonly op: string; readonly value: Json };
export type Step = string | number | { readonly where: JsonObject } | { readonly '#': string };

/** What came of a case: a value, or mistakes as the peer would call them. */
export type Outcome =
  | { readonly kind: 'ok'; readonly value: Json }
  | { readonly kind: 'error'; readonly mistakes: readonly Mistake[] };
export type Mistake = { readonly exception: string; readonly code: number | null; readonly message: string };

export function mistake(exception: string, message: string, code: number | null = null): Outcome {
  return { kind: 'error', mistakes: [{ exception, code, message }] };
}
