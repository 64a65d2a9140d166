/** What workflows and activities need of the language at run time; reads no YAML. */
export { capabilitiesRead, type CapabilityRead } from './capabilities-read.ts';
export { evaluate, followValue } from './evaluate.ts';
export { EvaluationError } from './evaluation-error.ts';
export { mayHoldFunctions } from './names.ts';
export { follow, type Path } from './path.ts';
export type { Found, Reference, RuntimeScope } from './scope.ts';
export { resolveSecrets, secretNames } from './secrets.ts';
