import { createServer } from 'node:http';

/** What the site does with a request; `silent` takes it and says nothing. */
export type Mood = { readonly status: number; readonly page: string } | 'silent';

/** A web site that a test can make ill. */
export type Site = {
  readonly port: number;
  readonly mood: () => Mood;
  become(mood: Mood): void;
  open(): Promise<void>;
  close(): Promise<void>;
};

export const well: Mood = { status: 200, page: 'It works' };

/** Listens on every address of this host. */
export async function startSite(): Promise<Site> {
  let mood = well;
  const server = createServer((_request, response) => {
    if (mood === 'silent') return;
    response.statusCode = mood.status;
    response.end(mood.page);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => server.once('error', reject).listen(port, resolve));
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the site has no port');
  const { port } = address;
  return {
    port,
    mood: () => mood,
    become: (next) => {
      mood = next;
    },
    open: () => listen(port),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
