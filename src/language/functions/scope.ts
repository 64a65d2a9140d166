import type { Json } from '../../contracts/json.ts';
import type { Value } from '../../contracts/sealed.ts';
import type { Path } from './path.ts';

/** `SELF`, `SOURCE`, `TARGET`, or the name of a node. */
export type Reference = string;

/**
 * What was found: the text of a blueprint, whose functions are evaluated, or a value that is known. The latter comes
 * from hosts, clusters and other deployments, and is data: what looks like a function in it is none.
 */
export type Found = { readonly text: Json } | { readonly value: Value };

/** Where `evaluate` finds what only the engine knows. Each may throw; `EvaluationError` is for people. */
export type RuntimeScope = {
  /** Runtime property, else node_instance_id and the like, else node property, else null. */
  readonly attribute: (reference: Reference, path: Path) => Found;
  /** A property of a node template as the plan has it; undefined when there is none. */
  readonly property: (reference: Reference, path: Path) => Json | undefined;
  /** An output or a capability of another deployment. */
  readonly capability: (deployment: string, path: Path) => Found;
  /** The attribute of every instance of a node, by the instance's id. */
  readonly attributes: (node: Reference, path: Path) => { readonly [instance: string]: Found };
  /** The name in the secret store of what a blueprint calls so. Default: the same. */
  readonly secretName?: (name: string) => string;
  /** Whether the name of a secret may be computed from what is only known now. Default: false. */
  readonly computedSecretNames?: boolean;
  /** An input of the blueprint, where they are read only now; undefined: there is none. */
  readonly input?: (name: string, path: Path) => Json | undefined;
  /** The functions about labels, the environment and the system; undefined: not known here. */
  readonly other?: (name: string, argument: Json) => Json | undefined;
};
