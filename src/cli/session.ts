import { type Braid, createBraid } from '../client/braid.ts';
import { connect } from '../client/connect.ts';
import { readSettings } from '../connection/settings.ts';

/** Works with Braid over one connection, which is closed in the end. */
export async function withBraid<T>(work: (braid: Braid) => Promise<T>): Promise<T> {
  const { taskQueue } = readSettings(process.env);
  const client = await connect();
  try {
    return await work(createBraid({ client, taskQueue }));
  } finally {
    await client.connection.close();
  }
}
