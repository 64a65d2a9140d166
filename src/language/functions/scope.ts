import type { Json, JsonObject } from '../../contracts/json.ts';
import type { Path } from './path.ts';

/** `SELF`, `SOURCE`, `TARGET`, or the name of a node. */
export type Reference = string;

/** Where `evaluate` finds what only the engine knows. Each may throw; `EvaluationError` is for people. */
export type RuntimeScope = {
  /** Runtime property, else node_instance_id and the like, else node property, else null. */
  readonly attribute: (reference: Reference, path: Path) => Json;
  /** A property of a node template as the plan has it; undefined when there is none. */
  readonly property: (reference: Reference, path: Path) => Json | undefined;
  /** An output or a capability of another deployment. */
  readonly capability: (deployment: string, path: Path) => Json;
  /** The attribute of every instance of a node, by the instance's id. */
  readonly attributes: (node: Reference, path: Path) => JsonObject;
  /** An input of the blueprint, where they are read only now; undefined: there is none. */
  readonly input?: (name: string, path: Path) => Json | undefined;
  /** The functions about labels, the environment and the system; undefined: not known here. */
  readonly other?: (name: string, argument: Json) => Json | undefined;
};
