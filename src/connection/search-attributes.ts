import type { ConnectionLike } from '@temporalio/client';
import { reasonOf } from '../contracts/reason.ts';

const keyword = 2;
const names = ['BraidDeployment', 'BraidPhase'];

/** Whether the namespace knows Braid's search attributes; registers them when it may. */
export async function ensureSearchAttributes(
  connection: ConnectionLike,
  namespace: string,
): Promise<{ readonly known: boolean; readonly reason: string | null }> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = names.filter((name) => !Object.hasOwn(customAttributes ?? {}, name));
    if (missing.length > 0) {
      const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]));
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    }
    return { known: true, reason: null };
  } catch (error) {
    return { known: false, reason: reasonOf(error) };
  }
}
