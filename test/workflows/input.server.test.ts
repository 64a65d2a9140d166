import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../support/engine.ts';
import { WorkflowFailedError } from '@temporalio/client';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({});
});
afterAll(() => engine.close());

const wrong: readonly (readonly [string, readonly unknown[], RegExp])[] = [
  ['a text', ['chain'], /expected object/],
  ['a list', [[1, 2]], /expected object/],
  ['nothing', [], /exactly one JSON object.*got none/],
  ['two objects', [{}, {}], /exactly one JSON object.*got 2/],
  ['a number for a name', [{ deployment: 7, blueprint: 'a.yaml' }], /deployment: .*expected string/],
  ['a malformed name', [{ deployment: 'No Good', blueprint: 'a.yaml' }], /deployment: .*small letters/],
  ['a name too long', [{ deployment: 'x'.repeat(51), blueprint: 'a.yaml' }], /deployment: .*at most 50/],
  ['an unknown field', [{ deployment: 'a', blueprint: 'a.yaml', blueprnt: 1 }], /blueprnt/],
];

describe('an install whose input is', () => {
  test.each(wrong)('%s fails at once and tells why', async (_what, args, message) => {
    expect(await failureOf('install', args)).toMatchObject({
      type: 'InvalidInput',
      message: expect.stringMatching(message),
    });
  });

  test('not JSON at all fails at once and tells why', async () => {
    const workflowId = `undecodable:${process.pid}`;
    await engine.client.workflowService.startWorkflowExecution({
      namespace: engine.client.options.namespace,
      workflowId,
      requestId: workflowId,
      workflowType: { name: 'install' },
      taskQueue: { name: engine.taskQueue },
      input: {
        payloads: [
          { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"deployment":') },
        ],
      },
    });
    const error = await engine.client.workflow
      .getHandle(workflowId)
      .result()
      .catch((caught: unknown) => caught);
    expect(causeOf(error)).toMatchObject({
      type: 'InvalidInput',
      message: expect.stringContaining('could not be decoded'),
    });
  });
});

test('a workflow type that there is not is answered with those that there are', async () => {
  expect(await failureOf('instal', [{}])).toMatchObject({
    type: 'InvalidInput',
    message: 'There is no workflow instal. There are install, uninstall, heal, check, prove.',
  });
});

async function failureOf(type: string, args: readonly unknown[]): Promise<unknown> {
  const workflowId = `wrong:${type}:${Math.random()}`;
  const started = engine.client.workflow.execute(type, {
    workflowId,
    taskQueue: engine.taskQueue,
    args: [...args],
  });
  return causeOf(await started.catch((caught: unknown) => caught));
}

function causeOf(error: unknown): unknown {
  return error instanceof WorkflowFailedError ? error.cause : error;
}
