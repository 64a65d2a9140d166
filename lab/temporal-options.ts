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
export const serverArguments: readonly string[] = [
  ...Object.entries(dynamicConfig).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
  ...Object.entries(searchAttributes).flatMap(([key, type]) => ['--search-attribute', `${key}=${type}`]),
];
