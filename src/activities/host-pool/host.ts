import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { notUnderstood } from '../bounded-answer.ts';
import type { Tools } from '../operation.ts';
import { callProgram } from '../ssh/host-program.ts';
import { endpointName } from '../ssh/endpoint.ts';
import type { SshEndpoint } from '../ssh/pool.ts';
import { hostAddressSchema } from './networks.ts';
import type { PoolHost } from './pool.ts';
import type { Holder, Wish } from './subject.ts';

const program = {
  program: readFileSync(new URL('host/hold.py', import.meta.url), 'utf8'),
  purpose: 'be a host of a pool',
};

const word = z.string().max(200);
const claimSchema = z.object({ installation: word, deployment: word, instance: word, since: word });
/** Who holds a host, as the host itself tells. */
export type Claim = z.infer<typeof claimSchema>;

const busy = z.object({ state: z.literal('busy') });
const addresses = z.array(hostAddressSchema).max(1_000);
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

/** The others of the pool wait for a host that lets us in and then says nothing. */
const lookMilliseconds = 30_000;
/** It remembers what it was like, which may be much. */
const takeMilliseconds = 120_000;

export type Look = z.infer<typeof lookSchema>;

/** Who holds the host, and its addresses. Changes nothing. Fails as the connection does. */
export async function lookAt(endpoint: SshEndpoint, tools: Tools): Promise<Look> {
  return ask(endpoint, { action: 'look' }, lookSchema, tools, lookMilliseconds);
}

/** Takes the host unless another has it, and has it remember what it was like. Of two only one gets it. */
export async function take(endpoint: SshEndpoint, { holder, preserve }: Wish, tools: Tools) {
  return ask(endpoint, { action: 'take', owner: holder, preserve }, takeSchema, tools, takeMilliseconds);
}

/** Cleans the host and gives it back; of one that is not the holder's nothing is touched. */
export async function giveBack(endpoint: SshEndpoint, holder: Holder, cleanup: string | null, tools: Tools) {
  const environment = { deployment: holder.deployment, instance: holder.instance };
  const request = { action: 'release', owner: holder, cleanup, environment };
  return ask(endpoint, request, releaseSchema, tools, null);
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
  timeoutMilliseconds: number | null,
): Promise<Answer> {
  const connection = await tools.ssh.connect(endpoint, tools.signal);
  const answer = schema.safeParse(
    await callProgram(connection, endpoint, { ...program, timeoutMilliseconds }, request, tools.signal),
  );
  if (answer.success) return answer.data;
  throw notUnderstood(endpointName(endpoint), program.purpose);
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
