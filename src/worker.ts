import { failed } from './cli/exit.ts';
import { tellFailure } from './cli/tell-failure.ts';
import { runWorker } from './run-worker.ts';

try {
  await runWorker(process.env);
} catch (error) {
  const reason = failed(error);
  tellFailure(reason, false);
  process.exitCode = reason.exit;
}
