import { workflowInfo } from '@temporalio/workflow';
import { failure } from '../contracts/failure.ts';

const known = ['install', 'uninstall', 'heal', 'check', 'prove'];

/** For a workflow type that there is not: an answer at once, where otherwise the start would hang for ever. */
export async function unknownWorkflow(): Promise<never> {
  const { workflowType } = workflowInfo();
  throw failure('InvalidInput', `There is no workflow ${workflowType}. There are ${known.join(', ')}.`);
}
