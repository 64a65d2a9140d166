import type { WantedRoute } from './wanted-route.ts';

/** Whose a route is; told in its unit. */
export type RouteOwner = {
  /** Undefined: made before installations were told apart. */
  readonly installation: string | undefined;
  readonly deployment: string;
  readonly instance: string;
};

/** One a destination: two nodes that want the same one find each other. */
export function unitName({ destination }: Pick<WantedRoute, 'destination'>): string {
  return `braid-route-${destination.replace('/', '-').replaceAll(':', '_')}.service`;
}

/**
 * Sets the route at each boot. The interface of the next hop may get its address only later, so it is
 * tried until it works.
 */
export function unitText(route: WantedRoute, owner: RouteOwner): string {
  return `# Made by Braid.
${ownerLines(owner)}
[Unit]
Description=Route to ${route.destination} via ${route.via}
Wants=network.target
After=network.target
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'exec ${replaceCommand(route)}'
ExecStop=-/bin/sh -c 'exec ${deleteCommand(route)}'
Restart=on-failure
RestartSec=1

[Install]
WantedBy=multi-user.target
`;
}

/** Undefined: the text is none of Braid's. */
export function ownerOf(text: string): RouteOwner | undefined {
  const match = /^# Owner: (\S{1,200}) (\S{1,200})$/m.exec(text);
  const [, deployment, instance] = match ?? [];
  if (deployment === undefined || instance === undefined) return undefined;
  return { installation: /^# Installation: (\S+)$/m.exec(text)?.[1], deployment, instance };
}

function ownerLines({ installation, deployment, instance }: RouteOwner): string {
  const owner = `# Owner: ${deployment} ${instance}`;
  return installation === undefined ? owner : `${owner}\n# Installation: ${installation}`;
}

export function replaceCommand(route: WantedRoute): string {
  return `${ip(route)} route replace ${route.destination} via ${route.via} proto static`;
}

export function deleteCommand(route: WantedRoute): string {
  return `${ip(route)} route del ${route.destination} via ${route.via} proto static`;
}

export function showCommand(route: WantedRoute): string {
  return `${ip(route)} -json route show exact ${route.destination}`;
}

function ip({ family }: WantedRoute): string {
  return family === 'ipv4' ? 'ip -4' : 'ip -6';
}
