import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { failure } from '../../contracts/failure.ts';
import type { Tools } from '../operation.ts';
import { callProgram } from '../ssh/host-program.ts';
import type { SshEndpoint } from '../ssh/pool.ts';
import { hostAddressSchema } from './networks.ts';
import type { PoolHost } from './pool.ts';
import type { Holder, Wish } from './subject.ts';

const program = {
  program: readFileSync(new URL('host/hold.py', import.meta.url), 'utf8'),
  purpose: 'be a host of a pool',
};

const claimSchema = z.object({
  installation: z.string(),
  deployment: z.string(),
  instance: z.string(),
  since: z.string(),
});
/** Who holds a host, as the host itself tells. */
export type Claim = z.infer<typeof claimSchema>;

const busy = z.object({ state: z.literal('busy') });
const addresses = z.array(hostAddressSchema);
const lookSchema = z.object({ claim: claimSchema.nullable(), addresses });
const takeSchema = z.discriminatedUnion('state', [
  busy,
  z.object({ state: z.literal('held'), claim: claimSchema }),
  z.object({ state: z.literal('taken'), claim: claimSchema, addresses }),
]);
const releaseSchema = z.discriminatedUnion('state', [
  busy,
  z.object({ state: z.literal('unclean'), status: z.int(), output: z.string() }),
  z.object({ state: z.literal('released'), claim: claimSchema.nullable(), output: z.string() }),
]);

export type Look = z.infer<typeof lookSchema>;

/** Who holds the host, and its addresses. Changes nothing. Fails as the connection does. */
export async function lookAt(endpoint: SshEndpoint, tools: Tools): Promise<Look> {
  return ask(endpoint, { action: 'look' }, lookSchema, tools);
}

/** Takes the host unless another has it, and has it remember what it was like. Of two only one gets it. */
export async function take(endpoint: SshEndpoint, { holder, preserve }: Wish, tools: Tools) {
  return ask(endpoint, { action: 'take', owner: holder, preserve }, takeSchema, tools);
}

/** Cleans the host and gives it back; of one that is not the holder's nothing is touched. */
export async function giveBack(endpoint: SshEndpoint, holder: Holder, cleanup: string | null, tools: Tools) {
  const environment = { deployment: holder.deployment, instance: holder.instance };
  return ask(endpoint, { action: 'release', owner: holder, cleanup, environment }, releaseSchema, tools);
}

/** How a host of the pool is reached. Fails as SecretNotFound. */
export async function endpointTo(host: PoolHost, tools: Tools): Promise<SshEndpoint> {
  const { address, port, user, hostKey, key } = host;
  const privateKey = 'secret' in key ? await tools.secrets.get(key.secret) : key.privateKey;
  return { host: address, port, user, hostKey, privateKey };
}

async function ask<Answer>(
  endpoint: SshEndpoint,
  request: object,
  schema: z.ZodType<Answer>,
  tools: Tools,
): Promise<Answer> {
  const connection = await tools.ssh.connect(endpoint, tools.signal);
  const answer = schema.safeParse(await callProgram(connection, endpoint, program, request, tools.signal));
  if (answer.success) return answer.data;
  throw failure('ScriptFailed', `The host ${endpoint.host} answers what is not understood.`);
}

export function isHeldBy(claim: Claim | null, holder: Holder): boolean {
  return (
    claim !== null &&
    isOfInstallation(claim, holder) &&
    claim.deployment === holder.deployment &&
    claim.instance === holder.instance
  );
}

function isOfInstallation(claim: Pick<Holder, 'installation'>, here: Holder): boolean {
  return claim.installation === here.installation || claim.installation === here.formerly;
}

/** `kubernetes_host_x7k2pd of the deployment kubernetes`, for people. */
export function whoHolds(claim: Omit<Holder, 'formerly'>, here: Holder): string {
  const elsewhere = isOfInstallation(claim, here) ? '' : ` of the installation ${claim.installation}`;
  return `${claim.instance} of the deployment ${claim.deployment}${elsewhere}`;
}
