import type { Owner } from '../../src/activities/machines/provider.ts';
import type { Services } from '../../src/activities/run-operation.ts';

/** A worker that labels networks and machines as it was done before installations were told apart. */
export function beforeInstallations(services: Services): Services {
  const { networks, kinds } = services.machines;
  return {
    ...services,
    machines: {
      ...services.machines,
      networks: { ...networks, create: (request, signal) => networks.create(unmarked(request), signal) },
      kinds: Object.fromEntries(
        Object.entries(kinds).map(([name, kind]) => [
          name,
          { ...kind, create: (request, signal) => kind.create(unmarked(request), signal) },
        ]),
      ),
    },
  };
}

function unmarked<Request extends { readonly owner: Owner }>(request: Request): Request {
  return { ...request, owner: { ...request.owner, installation: undefined } };
}
