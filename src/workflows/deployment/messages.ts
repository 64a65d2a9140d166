import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import {
  entityMessages,
  type BeginReply,
  type BeginRequest,
  type ConsumeReply,
  type ConsumeRequest,
  type EndRequest,
  type Progress,
} from '../../contracts/entity.ts';
import type { DeploymentRecord } from '../../contracts/record.ts';

export const beginUpdate = defineUpdate<BeginReply, [BeginRequest]>(entityMessages.begin);
export const endUpdate = defineUpdate<null, [EndRequest]>(entityMessages.end);
export const consumeUpdate = defineUpdate<ConsumeReply, [ConsumeRequest]>(entityMessages.consume);
export const releaseUpdate = defineUpdate<null, [ConsumeRequest]>(entityMessages.release);
export const progressSignal = defineSignal<[Progress]>(entityMessages.progress);
export const recordQuery = defineQuery<DeploymentRecord | null>(entityMessages.record);
