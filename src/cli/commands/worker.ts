import type { Command } from 'commander';

export function addWorker(program: Command): void {
  program
    .command('worker')
    .description('run a worker in the foreground, configured by the environment')
    .action(async () => {
      await import('../../worker.ts');
    });
}
