import type { OperationTable } from '../operation.ts';
import { runScript } from './operation.ts';

/** Scripts and commands on machines, also by the names that Cloudify's script and fabric plugins have for them. */
export const operations: OperationTable = {
  'scripts.run': runScript,
  'script_runner.tasks.run': runScript,
  'script.script_runner.tasks.run': runScript,
  'fabric.fabric_plugin.tasks.run_script': runScript,
  'fabric.fabric_plugin.tasks.run_commands': runScript,
};
