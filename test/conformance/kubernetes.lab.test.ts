import { afterAll, beforeAll } from 'vitest';
import { manifestKind } from './kinds/manifest.ts';
import { type KubernetesLab, startKubernetesLab } from './kubernetes.ts';
import { conformance } from './suite.ts';

let lab: KubernetesLab;
beforeAll(async () => {
  lab = await startKubernetesLab();
});
afterAll(() => lab.close());

conformance(manifestKind(() => lab));
