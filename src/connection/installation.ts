import type { ConnectionLike } from '@temporalio/client';
import { failure } from '../contracts/failure.ts';
import { reasonOf } from '../contracts/reason.ts';

/**
 * The name by which objects in clusters, on engines and on hosts tell which installation of Braid made them: the
 * beginning of the id of its Temporal namespace, which all its workers have in common and nobody else has.
 * Fails as ConfigurationInvalid when the server does not tell it.
 */
export async function installationOf(
  { workflowService }: ConnectionLike,
  namespace: string,
): Promise<string> {
  try {
    const { namespaceInfo } = await workflowService.describeNamespace({ namespace });
    return shortened(namespaceInfo?.id ?? '', namespace);
  } catch (error) {
    throw failure(
      'ConfigurationInvalid',
      `The Temporal server does not tell the id of the namespace ${namespace}, by which this installation knows what is its own (${reasonOf(error)}). Give it a name that no other has in BRAID_INSTALLATION.`,
      { cause: error },
    );
  }
}

function shortened(id: string, namespace: string): string {
  const name = id.replaceAll('-', '').slice(0, 12).toLowerCase();
  if (/^[a-z0-9]{12}$/.test(name)) return name;
  throw new Error(`the id of ${namespace} is ${JSON.stringify(id)}`);
}
