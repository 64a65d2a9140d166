/** What a text in YAML says, before anything is known of what it means. Offsets count from its start. */
export type Written = WrittenScalar | WrittenAlias | WrittenList | WrittenMap;

export type Stretch = { readonly start: number; readonly end: number };
export type WrittenScalar = Stretch & {
  readonly kind: 'scalar';
  readonly text: string;
  /** `quoted`: a text whatever is in it, as one with the tag `!!str` is too. */
  readonly form: 'plain' | 'quoted' | 'block';
  readonly anchor: string | null;
};
export type WrittenAlias = Stretch & { readonly kind: 'alias'; readonly of: string };
export type WrittenList = Stretch & {
  readonly kind: 'list';
  readonly items: readonly (Written | null)[];
  readonly anchor: string | null;
};
export type WrittenMap = Stretch & {
  readonly kind: 'map';
  readonly pairs: readonly WrittenPair[];
  readonly anchor: string | null;
};
/** Null: there is none, not even an empty one. */
export type WrittenPair = { readonly key: Written | null; readonly value: Written | null };

/** What is wrong with a text; offsets as of `Written`. */
export type Mistake = Stretch & { readonly message: string };
export type ParsedText = { readonly contents: Written | null; readonly mistakes: readonly Mistake[] };

/** How deep lists and maps may lie in each other. */
export const deepest = 100;

/** Where a block of text ends, without the empty lines behind it. */
export function endOfBlock(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}
