import { asyncLocalStorage, Context, type Info } from '@temporalio/activity';
import { ApplicationFailure, noopMetricMeter } from '@temporalio/common';
import { text } from 'node:stream/consumers';
import type { OperationTable } from '../../src/activities/operation.ts';
import { operationActivity } from '../../src/activities/run-operation.ts';
import type { OperationOrder } from '../../src/contracts/operation.ts';
import { dyingPool } from './dying-pool.ts';
import type { WorkerSettings } from './kind.ts';
import type { Outcome } from './process.ts';
import { openServices } from './worker.ts';

/** One step, as the worker would run it, for a test that kills it. Told by standard input, tells by output. */
type Request = {
  readonly settings: WorkerSettings;
  readonly context: OperationOrder;
  readonly dieAtAnswer: number | null;
};

const nothing = (): void => undefined;

const input = await text(process.stdin);
// It was kept ready, and nobody needed it.
if (input === '') process.exit(0);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by process.ts alone
const { settings, context, dieAtAnswer } = JSON.parse(input) as Request;
const opened = await openServices(settings);
const services = dieAtAnswer === null ? opened : { ...opened, ssh: dyingPool(opened.ssh, dieAtAnswer) };
const outcome = await run();
process.stdout.write(JSON.stringify(outcome), () => process.exit(0));

async function run(): Promise<Outcome> {
  const [plugin] = context.implementation.split('.');
  // Only the plugin that is needed: Kubernetes’ client alone takes a second to be loaded.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every plugin’s folder has it
  const { operations } = (await import(`../../src/activities/${plugin}/index.ts`)) as Plugin;
  const operation = operations[context.implementation];
  if (operation === undefined) throw new Error(`There is no operation ${context.implementation}.`);
  const activity = operationActivity(operation, services);
  const began = performance.now();
  try {
    await asyncLocalStorage.run(activityContext(), () => activity(context));
    return { ended: 'well' };
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    const { type, message, nonRetryable } = error;
    const milliseconds = Math.round(performance.now() - began);
    return { ended: 'badly', type: type ?? '', message, nonRetryable: nonRetryable === true, milliseconds };
  }
}

type Plugin = { readonly operations: OperationTable };

/** Temporal's testing package has one too, but takes a second to be loaded. */
function activityContext(): Context {
  const log = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- operations ask for no more of it
  const info = { attempt: 1 } as Info;
  const never = new Promise<never>(nothing);
  return new Context(info, never, new AbortController().signal, nothing, undefined, log, noopMetricMeter, {});
}
