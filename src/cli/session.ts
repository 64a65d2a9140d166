import type { Braid } from '../client/braid.ts';
import { readSettings } from '../connection/settings.ts';

/** Works with Braid over one connection, which is closed in the end. Other commands need not load what it takes. */
export async function withBraid<T>(work: (braid: Braid) => Promise<T>): Promise<T> {
  const { taskQueue } = readSettings(process.env);
  const { connect } = await import('../client/connect.ts');
  const { createBraid } = await import('../client/braid.ts');
  const client = await connect();
  try {
    return await work(createBraid({ client, taskQueue }));
  } finally {
    await client.connection.close();
  }
}
