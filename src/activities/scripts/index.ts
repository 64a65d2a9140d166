import { scriptImplementations } from '../../contracts/script-implementations.ts';
import type { OperationTable } from '../operation.ts';
import { runScript } from './operation.ts';

/** Scripts and commands on machines, also by the names that Cloudify's script and fabric plugins have for them. */
export const operations: OperationTable = Object.fromEntries(
  scriptImplementations.map((name) => [name, runScript]),
);
