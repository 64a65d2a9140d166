import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from './ports.ts';
import { readJsonFile, writeJsonFile } from './state.ts';

const portsSchema = z.object({ temporal: z.int(), ui: z.int(), http: z.int() });
export type LabPorts = z.infer<typeof portsSchema>;

const settingsSchema = z.object({ ports: portsSchema });

/** The ports that people know from Temporal's documentation; a lab for people gets them when they are free. */
const standardPorts: LabPorts = { temporal: 7233, ui: 8233, http: 7243 };

/** The ports that the lab in this folder chose; `undefined` before its first start. */
export async function readPorts(folder: string): Promise<LabPorts | undefined> {
  const parsed = settingsSchema.safeParse(await readJsonFile(settingsFile(folder)));
  return parsed.success ? parsed.data.ports : undefined;
}

/** Chooses the ports again from what was used before, and remembers them. Only for a server that does not run. */
export async function choosePorts(folder: string, standard: boolean): Promise<LabPorts> {
  const before = await readPorts(folder);
  const preferred = before ?? (standard ? standardPorts : undefined);
  const temporal = await freePort(preferred?.temporal);
  const ui = await freePort(preferred?.ui, [temporal]);
  const http = await freePort(preferred?.http, [temporal, ui]);
  const ports = { temporal, ui, http };
  await writeJsonFile(settingsFile(folder), { ports });
  return ports;
}

function settingsFile(folder: string): string {
  return join(folder, 'lab.json');
}
