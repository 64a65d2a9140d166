import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json-schemas.ts';

/** What we read of the engine's answers; everything else in them is left aside. */
export const engineInfoSchema = z.object({
  Name: z.string(),
  Swarm: z.object({ NodeAddr: z.string().default(''), ControlAvailable: z.boolean().default(false) }),
});
export type EngineInfo = z.infer<typeof engineInfoSchema>;

export const liveServiceSchema = z.object({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  /** Whole, because it is compared with what we want. `live-spec.ts` reads it. */
  Spec: jsonObjectSchema,
  UpdateStatus: z.object({ State: z.string().optional() }).nullish(),
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
  DesiredState: z.string().default(''),
  Spec: jsonObjectSchema,
  Status: z.object({
    State: z.string(),
    Err: z.string().default(''),
    Message: z.string().default(''),
    ContainerStatus: z.object({ ExitCode: z.number().default(0) }).nullish(),
    PortStatus: z.object({ Ports: livePortsSchema }).nullish(),
  }),
});
export type LiveTask = z.infer<typeof liveTaskSchema>;

export const liveNodeSchema = z.object({
  ID: z.string(),
  Description: z.object({ Hostname: z.string().default('') }),
  Spec: z.object({ Availability: z.string().default('active') }),
  Status: z.object({ State: z.string(), Addr: z.string().default('') }),
  ManagerStatus: z.object({ Addr: z.string().default('') }).nullish(),
});
export type LiveNode = z.infer<typeof liveNodeSchema>;
