/** The names under which scripts and commands run on machines; also those of Cloudify's script and fabric plugins. */
export const scriptImplementations = [
  'scripts.run',
  'script_runner.tasks.run',
  'script.script_runner.tasks.run',
  'fabric.fabric_plugin.tasks.run_script',
  'fabric.fabric_plugin.tasks.run_commands',
] as const;

/** Whether what an operation tells is what somebody's script, on somebody's host, told. */
export function isScript(implementation: string): boolean {
  return scriptImplementations.some((name) => name === implementation);
}
