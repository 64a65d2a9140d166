import { errorsPage } from './docs/errors.ts';
import { nodeTypesPage } from './docs/node-types.ts';
import { workflowsPage } from './docs/workflows.ts';

/** Pages of the documentation that are made, by path. A test compares them with what is committed. */
export async function generatedDocs(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/errors.md', errorsPage()],
    ['docs/node-types.md', await nodeTypesPage()],
    ['docs/workflows.md', workflowsPage()],
  ]);
}
