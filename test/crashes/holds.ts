import { join } from 'node:path';

/** How a test and its worker agree on where the worker stops: by files. */
export const moments = ['before', 'after'] as const;
export type Moment = (typeof moments)[number];
export type Hold = { readonly deployment: string; readonly step: string; readonly moment: Moment };

/** Where the execution on the deployment is to stop; once it is gone, that goes on. */
export function holdFile(folder: string, deployment: string): string {
  return join(folder, 'holds', deployment);
}

/** There when the execution on the deployment has stopped. */
export function heldFile(folder: string, deployment: string): string {
  return join(folder, 'held', deployment);
}

/** Every step that was reached. */
export function stepsFile(folder: string): string {
  return join(folder, 'steps');
}
