import type { Command } from 'commander';

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('run a worker in the foreground, configured by the environment')
    .addHelpText('after', environment)
    .action(async () => {
      const { runWorker } = await import('../../run-worker.ts');
      await runWorker(process.env);
    });
}

const environment = `
Environment:
  TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_CONFIG_FILE, TEMPORAL_PROFILE, …
                       Temporal’s own client profile (default: localhost:7233, namespace default)
  BRAID_TASK_QUEUE     task queue to poll (default: braid)
  BRAID_BLUEPRINTS     folder below which workflows find blueprints (default: ./blueprints)
  BRAID_PLUGINS        folder of plugin.yaml files of your own, imported as plugin:name (default: none)
  BRAID_STATE          folder of the store: blueprints, plans, secrets; all workers of a queue share it
                       (default: ~/.local/state/braid/<lab>/store)
  BRAID_SECRET_KEY     32 bytes in base64 that encrypt the store (default: none)
  BRAID_SECRET_OLD_KEYS
                       keys of the store that are being replaced; none: it was not encrypted
  BRAID_PAYLOAD_KEY    32 bytes in base64 that encrypt what goes to Temporal; commands need it too (default: none)
  BRAID_PAYLOAD_OLD_KEYS
                       keys that were replaced, to read what they encrypted
  BRAID_LAB            label that tells this installation’s machines from another’s (default: braid)
  BRAID_INSTALLATION   what everything it makes tells as its maker (default: the id of the Temporal namespace)
  BRAID_KUBECONFIG_ALLOW
                       what kubeconfigs may have the worker do: files, exec, impersonation, proxy (default: nothing)
  BRAID_DOCKER_SOCKET  the engine that machines are made on (default: /var/run/docker.sock)`;
