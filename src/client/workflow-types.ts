import type { z } from 'zod';
import type { checkInputSchema, CheckResult } from '../contracts/workflows/check.ts';
import type { healInputSchema, HealResult } from '../contracts/workflows/heal.ts';
import type { installInputSchema, InstallResult } from '../contracts/workflows/install.ts';
import type { proveInputSchema, ProveResult } from '../contracts/workflows/prove.ts';
import type { uninstallInputSchema, UninstallResult } from '../contracts/workflows/uninstall.ts';

/** What each workflow takes, before its defaults are filled in. */
export type WorkflowInputs = {
  readonly install: z.input<typeof installInputSchema>;
  readonly uninstall: z.input<typeof uninstallInputSchema>;
  readonly check: z.input<typeof checkInputSchema>;
  readonly heal: z.input<typeof healInputSchema>;
  readonly prove: z.input<typeof proveInputSchema>;
};

export type WorkflowResults = {
  readonly install: InstallResult;
  readonly uninstall: UninstallResult;
  readonly check: CheckResult;
  readonly heal: HealResult;
  readonly prove: ProveResult;
};

export type WorkflowKind = keyof WorkflowInputs;
