import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json-schemas.ts';

/** Words of an engine, which may be told to people: as many as these need. */
const words = z.string().transform((text) => text.slice(0, 2_000));

/** What we read of the engine's answers; everything else in them is left aside. */
export const engineInfoSchema = z.object({
  Name: words,
  Swarm: z.object({ NodeAddr: words.default(''), ControlAvailable: z.boolean().default(false) }),
});
export type EngineInfo = z.infer<typeof engineInfoSchema>;

export const liveServiceSchema = z.object({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  /** Whole, because it is compared with what we want. `live-spec.ts` reads it. */
  Spec: jsonObjectSchema,
  UpdateStatus: z.object({ State: words.optional() }).nullish(),
});
export type LiveService = z.infer<typeof liveServiceSchema>;

const livePortSchema = z.object({
  Protocol: z.string().default('tcp'),
  TargetPort: z.number().default(0),
  PublishedPort: z.number().optional(),
  PublishMode: z.string().default('ingress'),
});
export const livePortsSchema = z
  .array(livePortSchema)
  .nullish()
  .transform((ports) => ports ?? []);
export type LivePort = z.infer<typeof livePortSchema>;

export const liveTaskSchema = z.object({
  ID: z.string(),
  CreatedAt: z.string().default(''),
  ServiceID: z.string().default(''),
  NodeID: z.string().default(''),
  DesiredState: words.default(''),
  Spec: jsonObjectSchema,
  Status: z.object({
    State: words,
    Err: words.default(''),
    Message: words.default(''),
    ContainerStatus: z.object({ ExitCode: z.number().default(0) }).nullish(),
    PortStatus: z.object({ Ports: livePortsSchema }).nullish(),
  }),
});
export type LiveTask = z.infer<typeof liveTaskSchema>;

export const liveNodeSchema = z.object({
  ID: z.string(),
  Description: z.object({ Hostname: words.default('') }),
  Spec: z.object({ Availability: z.string().default('active') }),
  Status: z.object({ State: words, Addr: words.default('') }),
  ManagerStatus: z.object({ Addr: words.default('') }).nullish(),
});
export type LiveNode = z.infer<typeof liveNodeSchema>;
