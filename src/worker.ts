import { failed } from './cli/exit.ts';
import { createOutput } from './cli/output.ts';
import { runWorker } from './run-worker.ts';

try {
  await runWorker(process.env);
} catch (error) {
  const reason = failed(error);
  createOutput(false).failure(reason);
  process.exitCode = reason.exit;
}
