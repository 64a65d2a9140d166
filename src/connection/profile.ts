import { loadClientConnectConfig } from '@temporalio/envconfig';
import { failure } from '../contracts/failure.ts';

/** How Temporal is reached. */
export type TemporalProfile = {
  readonly connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
  /** `host:port`, for messages. */
  readonly address: string;
  readonly namespace: string;
};

/**
 * Temporal's standard client profile: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the like, over the file that
 * TEMPORAL_CONFIG_FILE names. Fails as ConfigurationInvalid.
 */
export function readProfile(environment: NodeJS.ProcessEnv): TemporalProfile {
  const { connectionOptions, namespace = 'default' } = load(environment);
  return { connectionOptions, namespace, address: connectionOptions.address ?? 'localhost:7233' };
}

function load(environment: NodeJS.ProcessEnv): ReturnType<typeof loadClientConnectConfig> {
  const overrideEnvVars = definedOf(environment);
  try {
    return loadClientConnectConfig({ overrideEnvVars });
  } catch (error) {
    // The library trips over a file without any profile, such as an empty one.
    if (error instanceof TypeError && environment['TEMPORAL_PROFILE'] === undefined) {
      return loadClientConnectConfig({ overrideEnvVars, disableFile: true });
    }
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw failure('ConfigurationInvalid', `The Temporal client profile cannot be used: ${reason}`, {
      cause: error,
    });
  }
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
