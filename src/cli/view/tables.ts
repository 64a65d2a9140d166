import type { JsonObject } from '../../contracts/json.ts';
import type { DeploymentRecord } from '../../contracts/record.ts';

/** Rows with columns as wide as they need. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

export function outputsTable(outputs: JsonObject): readonly string[] {
  return table(Object.entries(outputs).map(([name, value]) => [`  ${name}`, shown(value)]));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function statusLines(record: DeploymentRecord): readonly string[] {
  const { deployment, phase, blueprint, parent, consumers, holder, executions, instances } = record;
  const last = executions.at(-1);
  return [
    `${deployment} is ${phase}, of ${blueprint.path}`,
    ...(parent === null ? [] : [`a component of ${parent}`]),
    ...(consumers.length === 0 ? [] : [`used by ${consumers.join(', ')}`]),
    ...(holder === null ? [] : [`held by ${holder.execution} since ${holder.since}`]),
    ...(last === undefined ? [] : [`last execution ${last.execution}: ${last.status}`]),
    ...(last?.error == null ? [] : [`  ${last.error}`]),
    '',
    ...table(Object.values(instances).map(({ id, state }) => [`  ${id}`, state])),
  ];
}
