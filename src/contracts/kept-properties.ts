import { failure } from './failure.ts';

/**
 * Runtime properties by which Braid's own operations know how something is reached and whether it is theirs. No script
 * sets them, not even where none of Braid's operations has yet.
 */
const reserved: readonly string[] = [
  'adopted',
  'host_id',
  'kubernetes',
  'provider',
  'provider_id',
  'ssh',
  'swarm',
  'swarm_info',
];

/**
 * Refuses what a script wants to set when Braid keeps it: a host could lead an operation elsewhere. Fails as
 * ScriptFailed, for good.
 */
export function refuseKept(instance: string, names: readonly string[], kept: readonly string[]): void {
  const refused = names.filter((name) => reserved.includes(name) || kept.includes(name));
  if (refused.length === 0) return;
  throw failure(
    'ScriptFailed',
    `A script set ${refused.join(', ')} of ${instance}, which Braid itself keeps. Give the runtime property another name.`,
    { retryable: false },
  );
}
