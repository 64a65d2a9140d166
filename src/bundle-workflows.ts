import { bundleWorkflowCode } from '@temporalio/worker';
import { readSettings } from './connection/settings.ts';
import { workflowBundleWith } from './connection/workflow-bundle.ts';

/** A program: bundles the workflows for the sandbox, and prints the code. What it does on the way goes to its error output. */
const tell = (message: string): void => console.error(message);
const logger = { log: tell, trace: tell, debug: tell, info: tell, warn: tell, error: tell };

const { payloadKeys } = readSettings(process.env);
const { code } = await bundleWorkflowCode({ ...workflowBundleWith(payloadKeys), logger });
process.stdout.write(code);
