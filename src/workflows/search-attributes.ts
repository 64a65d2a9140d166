import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';

/** By which workflows are found: the deployment that they belong to, and how it is. */
const deploymentKey = defineSearchAttributeKey('BraidDeployment', 'KEYWORD');
const phaseKey = defineSearchAttributeKey('BraidPhase', 'KEYWORD');

export function searchAttributes(deployment: string, phase?: string): SearchAttributePair[] {
  const pairs: SearchAttributePair[] = [{ key: deploymentKey, value: deployment }];
  return phase === undefined ? pairs : [...pairs, { key: phaseKey, value: phase }];
}
