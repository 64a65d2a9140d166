import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';
import { installPackages, systemPackages } from '../../lab/packages.ts';
import { createReporter } from '../../lab/report.ts';
import { namespace, serverArguments } from '../../lab/temporal-options.ts';
import { workflowBundleOptions } from '../../src/connection/workflow-bundle.ts';
import { ensureTemporal } from '../../lab/toolchain/temporal.ts';

/** The Temporal server that the tests of the project `server` share; get it by `inject('temporal')`. */
export type ProvidedTemporal = {
  /** gRPC, `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** The workflows of src/workflows, bundled once: `workflowBundle: { codePath: bundlePath }`. */
  readonly bundlePath: string;
};

declare module 'vitest' {
  interface ProvidedContext {
    readonly temporal: ProvidedTemporal;
  }
}

/** Deployments continue as new after so many events, so that every test of them also tests that. */
const shortHistories = 'limit.historyCount.suggestContinueAsNew=60';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Starts a Temporal dev server with a database in memory, and bundles the workflows. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const report = createReporter();
  await report.step('packages', 'what the tests need', (note) =>
    installPackages([systemPackages.browser], { yes: process.env['BRAID_YES'] === '1', note }),
  );
  const path = await report.step('Temporal', 'the program of the server', ensureTemporal);
  const bundlePath = await report.step('workflows', 'bundled once for all tests', () => bundleWorkflows());
  const server = await report.step('Temporal', 'a server for the tests alone', () =>
    TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path },
        extraArgs: [...serverArguments, '--dynamic-config-value', shortHistories],
      },
    }),
  );
  project.provide('temporal', { address: server.address, namespace, bundlePath });
  return () => server.teardown();
}

async function bundleWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    ...workflowBundleOptions,
    logger: quiet,
  });
  const folder = join(root, 'node_modules', '.cache', 'braid');
  const path = join(folder, 'workflows.cjs');
  await mkdir(folder, { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, code);
  await rename(draft, path);
  return path;
}

const ignore = () => undefined;
/** The bundler's progress says nothing that a failed bundle's error does not. */
const quiet = {
  log: ignore,
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: console.warn,
  error: console.error,
};
