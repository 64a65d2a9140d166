import type { Retry } from '../../client/retries.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { DeploymentRecord, ExecutionSummary } from '../../contracts/record.ts';
import { outputStyle } from '../style.ts';
import { retryText } from './retry.ts';

/** Rows with columns as wide as they need. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export function listLines(records: readonly DeploymentRecord[]): readonly string[] {
  if (records.length === 0) return ['There are no deployments.'];
  const [head = '', ...rows] = table([
    ['DEPLOYMENT', 'PHASE', 'BLUEPRINT', 'INSTANCES', 'COMPONENT OF'],
    ...records.map(({ deployment, phase, blueprint, parent, instances }) => [
      deployment,
      phase,
      blueprint.path,
      startedOf(Object.values(instances)),
      parent ?? '',
    ]),
  ]);
  return [outputStyle('dim', head), ...rows];
}

function startedOf(instances: readonly { readonly state: string }[]): string {
  return `${instances.filter(({ state }) => state === 'started').length}/${instances.length} started`;
}

export function outputsTable(outputs: JsonObject): readonly string[] {
  return table(Object.entries(outputs).map(([name, value]) => [`  ${name}`, shown(value)]));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function statusLines(record: DeploymentRecord, retries: readonly Retry[]): readonly string[] {
  const { deployment, phase, blueprint, parent, consumers, holder, executions, instances } = record;
  const last = executions.at(-1);
  return [
    `${outputStyle('bold', deployment)} is ${phase}`,
    ...table([
      ['  blueprint', blueprint.path],
      ...(parent === null ? [] : [['  component of', parent]]),
      ...(consumers.length === 0 ? [] : [['  used by', consumers.join(', ')]]),
      ...(holder === null ? [] : [['  working on it', `${holder.execution}, since ${holder.since}`]]),
      ...(last === undefined ? [] : [['  last execution', lastOf(last)]]),
    ]),
    ...retries.map((retry) => `    ${retryText(retry)}`),
    ...(last?.error == null ? [] : [`    ${last.error.trimEnd().replaceAll('\n', '\n    ')}`]),
    '',
    ...table(Object.values(instances).map(({ id, state }) => [`  ${id}`, state])),
  ];
}

function lastOf({ execution, status, endedAt }: ExecutionSummary): string {
  return `${execution}, ${status}${endedAt === null ? '' : ` at ${endedAt}`}`;
}
