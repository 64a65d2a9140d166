import { z } from 'zod';
import { isJsonObject, type Json, type JsonObject } from '../../contracts/json.ts';
import { withoutNulls } from '../../contracts/without-nulls.ts';

const portNumber = z.coerce.number().int().min(1).max(65_535);
const portSchema = z.object({
  protocol: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['tcp', 'udp', 'sctp']))
    .default('tcp'),
  published_port: portNumber.nullish(),
  target_port: portNumber,
  mode: z.enum(['host', 'ingress']).default('host'),
});

/** Docker's list of ports, from Port nodes and from `endpoint_spec.ports`. */
export function publishedPorts(
  ports: readonly Json[],
  invalid: (problem: string) => Error,
): readonly JsonObject[] {
  return ports.map((port) => {
    const parsed = portSchema.safeParse(inOurWords(port));
    if (!parsed.success) throw invalid(`a port is not right: ${z.prettifyError(parsed.error)}`);
    const { protocol, published_port, target_port, mode } = parsed.data;
    return {
      Protocol: protocol,
      TargetPort: target_port,
      ...(published_port === null || published_port === undefined ? {} : { PublishedPort: published_port }),
      PublishMode: mode,
    };
  });
}

/** `PublishedPort` of `endpoint_spec` and `published_port` of a Port node are the same. */
function inOurWords(port: Json): Json {
  if (!isJsonObject(port)) return port;
  return withoutNulls({
    protocol: port['protocol'] ?? port['Protocol'],
    published_port: notBlank(port['published_port']) ?? port['PublishedPort'],
    target_port: port['target_port'] ?? port['TargetPort'],
    mode: port['mode'] ?? port['PublishMode'],
  });
}

function notBlank(value: Json | undefined): Json | undefined {
  return value === '' ? undefined : value;
}
