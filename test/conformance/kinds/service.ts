import { instance, target } from '../../activities/swarm/contexts.ts';
import type { Drift, Fault, Kind, Step } from '../kind.ts';
import type { ConformanceLab } from '../lab.ts';
import { sshFaults } from '../machine-faults.ts';

const start: Step = {
  operation: 'cloudify.interfaces.lifecycle.start',
  implementation: 'swarm.service.apply',
};
const entry_point = ['/bin/sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.2; done'];
const newContainer = [
  `--no-resolve-image --image test:2 --entrypoint '/bin/sh -c "exec sleep 600"' --args two`,
  '--env-add GREETING=bye --env-add MORE=1 --mount-rm /kept --mount-add type=tmpfs,target=/other',
].join(' ');
/** No node has the label, so its task waits. */
const nowhere = { placement: { constraints: ['node.labels.none==such'] } };

/** A service of Docker Swarm, with its container and its port. */
export function serviceKind(lab: () => ConformanceLab): Kind {
  const docker = (command: string): Promise<string> => lab().swarm.docker(command);
  const inside = async (command: string): Promise<void> => void (await lab().machine.inside(command));
  const inspected = async (format: string): Promise<string> =>
    docker(`service inspect lb --format '${format}' 2>/dev/null || true`);
  const runningContainers = (): Promise<string> =>
    docker('ps --no-trunc --filter label=com.docker.swarm.service.name=lb --format "{{.ID}} {{.CreatedAt}}"');
  const faults = sshFaults(lab);
  /** `differs`: what the check names, each. */
  const drift = (of: string, update: string, differs: readonly string[]): Drift => ({
    of,
    how: `docker service update ${update}`,
    told: new RegExp(`^service lb differs in ${differs.map((path) => `(?=.*${path})`).join('')}`, 'u'),
    happen: async () => void (await docker(`service update --detach ${update} lb`)),
  });
  return {
    name: 'Swarm service',
    deployment: 'chain',
    worker: () => lab().worker,
    self: () =>
      instance('lb', 'cloudify.swarm.Microservice', {
        properties: {
          labels: { tier: 'edge' },
          replicas: 1,
          limits: { memory_bytes: 64 * 1024 * 1024 },
          reservations: { memory_bytes: 16 * 1024 * 1024 },
          placement: { constraints: ['node.role==manager'] },
          update_config: { parallelism: 1 },
          networks: ['inner'],
        },
        runtimeProperties: { container_nginx_abc123: {}, port_http_abc123: {} },
        targets: [
          target(
            'cloudify.swarm.relationships.microservice_contained_in_manager',
            instance('swarm', 'cloudify.nodes.DeploymentProxy', {
              runtimeProperties: { swarm_info: lab().swarm.swarmInfo },
            }),
          ),
          target(
            'cloudify.swarm.relationships.container_contained_in_microservice',
            instance('nginx', 'cloudify.swarm.Container', {
              properties: { image: 'test:1', entry_point, env: { GREETING: 'hello' }, args: ['one'] },
              runtimeProperties: { volume_kept_abc123: { type: 'tmpfs', target: '/kept' } },
            }),
          ),
          target(
            'cloudify.swarm.relationships.port_attached_to_microservice',
            instance('http', 'cloudify.swarm.Port', {
              properties: { target_port: 80, published_port: 8080 },
            }),
          ),
        ],
      }),
    steps: {
      ensure: [start],
      heal: [{ ...start, operation: 'cloudify.interfaces.lifecycle.heal' }],
      remove: [{ operation: 'cloudify.interfaces.lifecycle.stop', implementation: 'swarm.service.delete' }],
      check: {
        operation: 'cloudify.interfaces.validation.check_status',
        implementation: 'swarm.service.check',
      },
    },
    settled: 'in every execution',
    record: async () => [
      await inspected('{{.ID}} {{.Version.Index}} {{.UpdatedAt}}'),
      await runningContainers(),
    ],
    declared: () => inspected('{{json .Spec}}'),
    census: async () => {
      const services = await docker('service ls --format "service {{.Name}}"');
      const containers = await docker(
        'ps --all --filter label=com.docker.swarm.service.name=lb --filter status=running --format "a container"',
      );
      return `${services}${containers}`.split('\n').filter((line) => line !== '');
    },
    drifts: [
      {
        of: 'name',
        how: 'docker service rm',
        told: /service lb is missing/,
        happen: async () => void (await docker('service rm lb')),
      },
      drift('labels and replicas', '--label-add tier=core --label-add extra=1 --replicas 3', [
        'labels\\.tier',
        'labels\\.extra',
        'mode\\.replicated\\.replicas',
      ]),
      drift(
        'limits, reservations, placement and update_config',
        '--limit-memory 32M --reserve-memory 8M --constraint-add node.hostname!=none --update-parallelism 3',
        ['resources\\.limits', 'resources\\.reservations', 'placement', 'updateconfig\\.parallelism'],
      ),
      drift(
        'image, entry_point, args, env and volume',
        newContainer,
        ['image', 'command', 'args', 'env', 'mounts'].map((path) => `containerspec\\.${path}`),
      ),
      drift('networks', '--network-rm inner --network-add outer', ['tasktemplate\\.networks']),
      drift('port', '--publish-rm 80 --publish-add mode=host,published=8081,target=81,protocol=udp', [
        'endpointspec\\.ports',
      ]),
    ],
    foreign: {
      make: async () => {
        // Waits until its task runs.
        await docker('service create --detach=false --quiet --name lb --no-resolve-image test:2');
      },
      elsewhere: { deployment: 'another', self: { id: 'other_abc123' } },
      before: {
        make: async (service) => {
          await service.ensure();
          await docker('service update --detach --label-rm io.braid.installation lb');
        },
        identity: async () => [await inspected('{{.ID}}'), await runningContainers()],
        told: async () => [(await inspected('{{index .Spec.Labels "io.braid.installation"}}')).trim()],
        kept: ['here'],
      },
    },
    killed: { at: 'ssh' },
    cancelled: {
      during: 'no node can take its task',
      change: { properties: nowhere },
      waits: async () =>
        inside('until docker service ps lb 2>/dev/null | grep -q "no suitable node"; do sleep 0.1; done'),
      leaves: () => ['service lb'],
    },
    faults: {
      unreachable: [
        there(faults.unreachable),
        {
          what: 'Docker is stopped there',
          to: 'one that is there',
          strike: () => inside('systemctl stop docker.socket docker'),
          mend: () =>
            inside('systemctl start docker; until docker node ls >/dev/null 2>&1; do sleep 0.1; done'),
          told: {
            code: 'Unreachable',
            retryable: true,
            message: /The Docker engine of \S+ did not answer/,
            within: 5,
          },
        },
      ],
      unauthorised: [
        there(faults.unauthorised),
        {
          what: 'sudo asks for a password',
          to: 'one that is there',
          strike: () => inside('mv /etc/sudoers.d/debian /root/debian'),
          mend: () => inside('mv /root/debian /etc/sudoers.d/debian'),
          told: { code: 'Unauthorized', retryable: false, message: /may not use sudo/, within: 5 },
        },
      ],
      'out of space': [
        {
          what: 'the node’s disk is full',
          strike: () => inside('dd if=/dev/zero of=/var/lib/docker/filler bs=64k 2>/dev/null || true'),
          mend: () => inside('rm /var/lib/docker/filler'),
          told: {
            code: 'NotReady',
            retryable: false,
            message: /its tasks ended; .*no space left on device/,
            within: 60,
          },
        },
      ],
      slow: [
        there(faults.slow),
        {
          what: 'Docker says nothing there',
          to: 'one that is there',
          strike: () => inside('pkill -STOP -x dockerd'),
          mend: () =>
            inside('pkill -CONT -x dockerd; until docker node ls >/dev/null 2>&1; do sleep 0.1; done'),
          told: {
            code: 'Unreachable',
            retryable: true,
            message: /said nothing for 20 s/,
            within: 25,
          },
        },
      ],
    },
  };
}

/** A service takes seconds to be made, and these faults are met before anything is. */
function there(fault: Fault): Fault {
  return { ...fault, to: 'one that is there' };
}
