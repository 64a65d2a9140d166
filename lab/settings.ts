import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from './ports.ts';
import { readJsonFile, writeJsonFile } from './state.ts';

const portsSchema = z.object({ temporal: z.int(), ui: z.int(), http: z.int() });
export type LabPorts = z.infer<typeof portsSchema>;

/** What stands behind a guard is where no web page finds it. */
const hiddenSchema = z.object({
  /** The Web UI's own: one of the sixteen million addresses of the loopback interface. */
  uiAddress: z.string(),
  uiPort: z.int(),
  httpPort: z.int(),
  /** The only name under which the HTTP API answers; no name server knows it. */
  httpName: z.string(),
});

const settingsSchema = z.object({ ports: portsSchema, hidden: hiddenSchema });
export type LabSettings = z.infer<typeof settingsSchema>;

/** The ports that people know from Temporal's documentation; a lab for people gets them when they are free. */
const standardPorts: LabPorts = { temporal: 7233, ui: 8233, http: 7243 };

/** What the lab in this folder chose; `undefined` before its first start. */
export async function readSettings(folder: string): Promise<LabSettings | undefined> {
  const parsed = settingsSchema.safeParse(await readJsonFile(settingsFile(folder)));
  return parsed.success ? parsed.data : undefined;
}

/** Chooses the ports again from what was used before, and remembers them. Only for a server that does not run. */
export async function chooseSettings(folder: string, standard: boolean): Promise<LabSettings> {
  const before = await readSettings(folder);
  const preferred = before?.ports ?? (standard ? standardPorts : undefined);
  const temporal = await freePort(preferred?.temporal);
  const ui = await freePort(preferred?.ui, [temporal]);
  const http = await freePort(preferred?.http, [temporal, ui]);
  const httpPort = await freePort(before?.hidden.httpPort, [temporal, ui, http]);
  const uiPort = await freePort(before?.hidden.uiPort, [temporal, ui, http, httpPort]);
  const { uiAddress, httpName } = before?.hidden ?? { uiAddress: anyLoopback(), httpName: anyName() };
  const settings = { ports: { temporal, ui, http }, hidden: { uiAddress, uiPort, httpPort, httpName } };
  await writeJsonFile(settingsFile(folder), settings);
  return settings;
}

function anyLoopback(): string {
  return ['127', randomInt(1, 255), randomInt(256), randomInt(1, 255)].join('.');
}

function anyName(): string {
  return `${randomBytes(16).toString('hex')}.invalid`;
}

function settingsFile(folder: string): string {
  return join(folder, 'lab.json');
}
