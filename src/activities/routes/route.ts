import { failure } from '../../contracts/failure.ts';
import type { InstanceView, OperationContext, OperationResult } from '../../contracts/operation.ts';
import { healthy, unhealthy } from '../health.ts';
import { isOfInstallation, ofAnother } from '../installation.ts';
import type { Tools } from '../operation.ts';
import { endpointName, hostEndpoint } from '../ssh/endpoint.ts';
import { applyRoute, dropRoute, observeRoute, type LiveRoute, type RouteHost } from './live-route.ts';
import { ownerOf, unitName, unitText, type RouteOwner } from './unit.ts';
import { wantedRoute, type WantedRoute } from './wanted-route.ts';

/** Ensures the route, now and at each boot. Runtime properties: destination, via, device. */
export async function configureRoute(context: OperationContext, tools: Tools): Promise<OperationResult> {
  const { self, route, owner } = subjectOf(context, tools);
  const host = await hostOf(self, tools);
  const text = unitText(route, owner);
  await dropFormer(self, route, owner, host);
  const before = await observeRoute(host, route);
  if (!context.adopt) refuseForeign(before, route, owner, host);
  if (before.unit === text && lacks(before, route, owner) === undefined) return told(before, route);
  await applyRoute(host, route, text);
  const after = await observeRoute(host, route);
  const lacking = lacks(after, route, owner);
  if (lacking === undefined) return told(after, route);
  throw failure('NotReady', `A route was set on ${host.name}, but ${lacking}.`);
}

/** Leaves a route of the same destination alone that is someone else's. */
export async function removeRoute(context: OperationContext, tools: Tools): Promise<OperationResult> {
  const { self, route, owner } = subjectOf(context, tools);
  const gone = { runtimeProperties: { destination: null, via: null, device: null } };
  // A machine that was never there has no routes.
  if (self.host !== null && self.host.runtimeProperties['ssh'] === undefined) return gone;
  const host = await hostOf(self, tools);
  await dropFormer(self, route, owner, host);
  await dropOwn(route, owner, host);
  return gone;
}

/** To another destination, when the properties told that. */
async function dropFormer(
  { id, runtimeProperties }: InstanceView,
  route: WantedRoute,
  owner: RouteOwner,
  host: RouteHost,
): Promise<void> {
  const { destination = null, via = null } = runtimeProperties;
  if (destination === null || destination === route.destination) return;
  await dropOwn(wantedRoute({ id, properties: { destination, via } }), owner, host);
}

async function dropOwn(route: WantedRoute, owner: RouteOwner, host: RouteHost): Promise<void> {
  const live = await observeRoute(host, route);
  if (live.unit !== undefined && isOwn(live.unit, owner)) await dropRoute(host, route);
}

/** Well when the kernel uses it and the next boot will set it. */
export async function checkRoute(context: OperationContext, tools: Tools): Promise<OperationResult> {
  const { self, route, owner } = subjectOf(context, tools);
  const host = await hostOf(self, tools);
  const live = await observeRoute(host, route);
  const lacking = lacks(live, route, owner);
  const facts = {
    destination: route.destination,
    via: live.kernel?.via ?? null,
    device: live.kernel?.device ?? null,
  };
  return lacking === undefined ? healthy(facts) : unhealthy(`On ${host.name}, ${lacking}.`, facts);
}

type Subject = { readonly self: InstanceView; readonly route: WantedRoute; readonly owner: RouteOwner };

function subjectOf(
  { deployment, subject }: OperationContext,
  { installation }: Pick<Tools, 'installation'>,
): Subject {
  if (subject.kind !== 'node') {
    throw failure(
      'OperationInputInvalid',
      'A route is configured by operations of a node, not of a relationship.',
    );
  }
  const { self } = subject;
  return { self, route: wantedRoute(self), owner: { installation, deployment, instance: self.id } };
}

async function hostOf(self: InstanceView, { ssh, signal, heartbeat }: Tools): Promise<RouteHost> {
  const endpoint = hostEndpoint(self.host, self.id);
  const name = endpointName(endpoint);
  heartbeat({ route: self.id, on: name });
  return { connection: await ssh.connect(endpoint, signal), name, signal };
}

/** What is not as it must be, as the end of a sentence. */
function lacks(
  { unit, enabled, kernel }: LiveRoute,
  route: WantedRoute,
  owner: RouteOwner,
): string | undefined {
  const { destination, via } = route;
  if (kernel === undefined) return `there is no route to ${destination}`;
  if (kernel.via !== via)
    return `the route to ${destination} goes via ${kernel.via ?? 'no gateway'} instead of ${via}`;
  if (!kernel.usable) return `the interface of the route to ${destination} is down`;
  if (unit !== undefined && !isOwn(unit, owner)) return `the route to ${destination} ${whose(unit, owner)}`;
  if (unit === undefined || !isText(unit, route, owner) || !enabled)
    return `the route to ${destination} would not be there after a reboot`;
  return undefined;
}

function refuseForeign(
  { unit, kernel }: LiveRoute,
  route: WantedRoute,
  owner: RouteOwner,
  host: RouteHost,
): void {
  if (unit !== undefined && !isOwn(unit, owner)) {
    throw failure(
      'Unowned',
      `The route to ${route.destination} on ${host.name} ${whose(unit, owner)} (${unitName(route)}).`,
    );
  }
  if (unit === undefined && kernel !== undefined && kernel.via !== route.via) {
    const through = kernel.via ?? kernel.device ?? 'nowhere';
    throw failure(
      'Unowned',
      `${host.name} has a route to ${route.destination} through ${through} that Braid did not make.`,
    );
  }
}

function isOwn(unit: string, owner: RouteOwner): boolean {
  const found = ownerOf(unit);
  return (
    found?.deployment === owner.deployment &&
    found.instance === owner.instance &&
    (owner.installation === undefined || isOfInstallation(found.installation, owner.installation))
  );
}

/** As it is written now, or was before installations were told apart. */
function isText(unit: string, route: WantedRoute, owner: RouteOwner): boolean {
  return [owner, { ...owner, installation: undefined }].some((each) => unit === unitText(route, each));
}

/** Whose a route is that is not ours, for people. */
function whose(unit: string, owner: RouteOwner): string {
  const other = ownerOf(unit);
  if (other === undefined) return 'is someone else’s';
  if (other.installation !== undefined && other.installation !== owner.installation)
    return ofAnother(other.installation);
  return `belongs to ${other.instance} of the deployment ${other.deployment}`;
}

function told({ kernel }: LiveRoute, { destination, via }: WantedRoute): OperationResult {
  return { runtimeProperties: { destination, via, device: kernel?.device ?? null } };
}
