import type Docker from 'dockerode';

type Event = { readonly stream?: string; readonly error?: string };

/**
 * Waits until the engine has done what it tells of in a stream, as a build, a pull or an import. Fails with what the
 * engine says went wrong, which the library takes for one more line, and the end of what was printed before.
 */
export async function follow(engine: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  const printed: string[] = [];
  let refusal: string | undefined;
  await new Promise<void>((resolve, reject) => {
    const finished = (error: Error | null) => (error === null ? resolve() : reject(error));
    engine.modem.followProgress(stream, finished, (event: Event) => {
      if (event.stream !== undefined) printed.push(event.stream);
      refusal ??= event.error;
    });
  });
  if (refusal === undefined) return;
  throw new Error(
    [refusal, printed.join('').slice(-3000).trimEnd()].filter((part) => part !== '').join('\n'),
  );
}
