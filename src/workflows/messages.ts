import { defineQuery } from '@temporalio/workflow';
import { type ExecutionProgress, progressQuery } from '../contracts/progress.ts';

export const progressQueryDefinition = defineQuery<ExecutionProgress | null>(progressQuery);
