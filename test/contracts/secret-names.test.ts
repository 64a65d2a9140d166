import { expect, test } from 'vitest';
import {
  isOwnSecret,
  madeBy,
  madeSecret,
  ownSecret,
  scriptSecret,
} from '../../src/contracts/secret-names.ts';

test('what a person or a blueprint calls a secret lies under the root of people', () => {
  expect(['kubeconfig', 'own/kubeconfig', 'made/chain/x', 'chain/x'].map(ownSecret)).toEqual([
    'own/kubeconfig',
    'own/kubeconfig',
    'own/made/chain/x',
    'own/chain/x',
  ]);
});

test.each(['own', 'made', 'chain'])('what the deployment %s makes lies elsewhere', (deployment) => {
  const names = [madeSecret(deployment, 'host_1', 'ssh-key'), scriptSecret(deployment, 'host_1', 'ssh-key')];
  expect(new Set(names).size).toBe(2);
  for (const name of names) {
    expect(name.startsWith(madeBy(deployment))).toBe(true);
    expect(isOwnSecret(name)).toBe(false);
  }
});
