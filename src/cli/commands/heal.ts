import { setTimeout as wait } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { Braid } from '../../client/braid.ts';
import type { WorkflowInputs } from '../../client/workflow-types.ts';
import type { HealResult } from '../../contracts/workflows/heal.ts';
import { deploymentArgument } from '../deployment-argument.ts';
import { outputOf } from '../globals.ts';
import { onInterrupt } from '../interrupt.ts';
import type { Output } from '../output.ts';
import { withBraid } from '../session.ts';
import { runExecution } from './execution.ts';

type Options = {
  readonly reinstall: boolean;
  readonly recursive: boolean;
  /** Seconds; true: the default. */
  readonly watch?: number | true;
  /** Seconds. */
  readonly every?: number | 'never';
};

const watchSeconds = 30;

export function addHeal(program: Command): void {
  program
    .command('heal')
    .description('check a deployment and repair what is not well, touching nothing else')
    .addArgument(deploymentArgument())
    .option('--no-reinstall', 'fail rather than reinstall what cannot be repaired in place')
    .option('--recursive', 'also heal the deployments that it uses; else they are only reported', false)
    .option('--watch [interval]', `stay, and look every ${watchSeconds}s or as given`, secondsOf)
    .option('--every <interval>', 'have the server heal it, every 5m for example; `never` ends that', everyOf)
    .action(async (deployment: string, options: Options, command: Command) => {
      const { reinstall, recursive, watch, every } = options;
      const input = { deployment, reinstall, recursive };
      if (every !== undefined) return schedule(command, input, every);
      if (watch !== undefined) return stay(command, input, watch === true ? watchSeconds : watch);
      const { unwell } = await runExecution(command, 'heal', input, tell);
      if (unwell.length > 0) process.exitCode = 1;
    });
}

function tell({ deployment, repairs, unwell, traffic, checked }: HealResult, output: Output): void {
  if (repairs.length === 0) output.line(`${deployment}: nothing was to be done (${checked} checked).`);
  for (const each of repairs) {
    const where = each.deployment === deployment ? '' : ` of ${each.deployment}`;
    output.line(`${each.instance}${where} ${each.action}: ${each.reason}`);
  }
  for (const { seconds } of traffic) output.line(`Traffic is back after ${seconds.toFixed(1)} s.`);
  for (const each of unwell) output.line(`✗ ${each.instance} of ${each.deployment}: ${each.reason}`);
  if (unwell.length > 0) {
    output.line(`Deployments that ${deployment} uses are not well; --recursive heals them too.`);
  }
}

async function schedule(
  command: Command,
  input: WorkflowInputs['heal'],
  every: number | 'never',
): Promise<void> {
  const { deployment } = input;
  const output = outputOf(command);
  await withBraid(async (braid) => {
    if (every === 'never') {
      const was = await braid.healNoMore(deployment);
      output.line(`The server ${was ? 'no longer heals' : 'did not heal'} ${deployment}.`);
    } else {
      await braid.deployment(deployment);
      await braid.healEvery(input, every);
      output.line(`The server heals ${deployment} every ${every} s, until it is uninstalled.`);
    }
    output.value({ deployment, every });
  });
}

/** Looks without touching anything, and heals when something is not well; until Ctrl-C. */
async function stay(command: Command, input: WorkflowInputs['heal'], seconds: number): Promise<void> {
  const output = outputOf(command);
  onInterrupt(() => output.note(''));
  await withBraid(async (braid) => {
    await braid.deployment(input.deployment);
    output.note(`${input.deployment} is looked at every ${seconds} s; Ctrl-C ends that.`);
    for (;;) {
      await look(braid, input, output);
      await wait(seconds * 1000);
    }
  });
}

async function look(braid: Braid, input: WorkflowInputs['heal'], output: Output): Promise<void> {
  const { deployment } = input;
  try {
    const { healthy, instances } = await braid.run('check', { deployment });
    if (healthy) return;
    const unwell = instances.filter((each) => !each.healthy);
    for (const { instance, reason } of unwell) output.note(`✗ ${instance}: ${reason ?? ''}`);
    const result = await braid.run('heal', input);
    if (output.json) output.value(result);
    else tell(result, output);
  } catch (error) {
    const { failed } = await import('../exit.ts');
    const { code, message } = failed(error);
    if (code === 'DeploymentNotFound') throw error;
    // Somebody else may be at work on it, or a system be away: the next look tells.
    output.note(`${code}: ${message}`);
  }
}

function everyOf(text: string): number | 'never' {
  return text === 'never' ? text : secondsOf(text);
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** `30s`, `5m`, `1h` */
function secondsOf(text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d*)([smh])$/.exec(text) ?? [];
  const factor = units[unit];
  if (factor === undefined) throw new InvalidArgumentError('Give an interval such as 30s, 5m or 1h.');
  return Number(count) * factor;
}
