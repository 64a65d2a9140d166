import { executeChild } from '@temporalio/workflow';

type Install = (input: { readonly deployment: string }) => Promise<{
  readonly outputs: { readonly said: string };
}>;

/** A workflow of somebody else: it knows of Braid only a name, an input and a result. */
export async function greet(input: { readonly deployment: string }): Promise<string> {
  const { outputs } = await executeChild<Install>('install', {
    taskQueue: 'braid',
    workflowId: `install:${input.deployment}:of-parent`,
    args: [input],
  });
  return `The deployment said: ${outputs.said}`;
}
