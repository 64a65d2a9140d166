import type { Draft } from './plan/draft.ts';
import type { Resolver } from './plan/implementations.ts';
import type { StaticEvaluator } from './plan/static.ts';
import type { PlannedWorkflows } from './plan/workflows.ts';
import type { Blueprint } from './sections/blueprint.ts';
import type { Node } from './source/node.ts';
import type { Types } from './types/resolve.ts';

/** All that the compiler knows of a blueprint, with the places: for editors and other tools. */
export type Model = {
  /** The minor number of the DSL version, 0 to 5. */
  readonly version: number;
  readonly blueprint: Blueprint;
  readonly types: Types;
  readonly draft: Draft;
  readonly inputs: ReadonlyMap<string, Node>;
  readonly resolver: Resolver;
  readonly workflows: PlannedWorkflows;
  readonly evaluate: StaticEvaluator;
  /** Ids of the blueprints that are imported, by namespace. */
  readonly blueprints: ReadonlyMap<string, string>;
};
