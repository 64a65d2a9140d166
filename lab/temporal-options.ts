/** How every Temporal dev server of Braid is started, in a lab as in a test. */

export const namespace = 'default';

/** What Braid's workflows set; a server that does not know one would stall them. */
export const searchAttributes = { BraidDeployment: 'Keyword', BraidPhase: 'Keyword' } as const;

/**
 * By default the dev server's one shard polls 20 times a second, so that each task waits up to 50 ms;
 * eager execution saves an activity a round trip.
 */
const dynamicConfig = {
  'history.transferProcessorMaxPollRPS': 10_000,
  'system.enableActivityEagerExecution': true,
} as const;

/** The arguments of `temporal server start-dev` that are the same everywhere. */
export const serverArguments: readonly string[] = toArguments({
  'dynamic-config-value': pairs(dynamicConfig),
  'search-attribute': pairs(searchAttributes),
});

/** `{ port: 1, tag: ['a', 'b'] }` as `--port 1 --tag a --tag b`. */
export function toArguments(
  options: Readonly<Record<string, number | string | readonly string[]>>,
): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const values = typeof value === 'object' ? value : [String(value)];
    return values.flatMap((each) => [`--${name}`, each]);
  });
}

function pairs(values: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(values).map(([key, value]) => `${key}=${String(value)}`);
}

/** The environment without a person's own Temporal settings, which must not reach a lab. */
export function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([key]) => !key.startsWith('TEMPORAL_')));
}
