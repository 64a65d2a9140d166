import type { DeploymentRecord } from '../../contracts/record.ts';

/** What the Web UI shows of a deployment, in Markdown. */
export function describe(record: DeploymentRecord): string {
  const instances = Object.values(record.instances);
  const rows = instances
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, 100)
    .map(({ id, node, state }) => `| ${node} | ${id} | ${state} |`);
  return [
    `**${record.deployment}** is ${record.phase}, of ${record.blueprint.path}`,
    record.holder === null ? '' : `Held by ${record.holder.execution} since ${record.holder.since}`,
    record.consumers.length === 0 ? '' : `Used by ${record.consumers.join(', ')}`,
    '| node | instance | state |\n|---|---|---|',
    ...rows,
    instances.length > rows.length ? `… and ${instances.length - rows.length} more` : '',
  ]
    .filter((line) => line !== '')
    .join('\n')
    .replace('\n|', '\n\n|');
}
