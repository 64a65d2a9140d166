import type { OperationTable } from '../operation.ts';
import { observeHop } from './hop.ts';
import { checkManager, connectManager, readManager } from './manager.ts';
import { attachContainer, attachPort, attachVolume } from './parts.ts';
import { applyService, checkService, deleteService, healService } from './service.ts';

/** Docker Swarm: what plugin.yaml beside this file names. */
export const operations: OperationTable = {
  'swarm.manager.read': readManager,
  'swarm.manager.check': checkManager,
  'swarm.manager.connect': connectManager,
  'swarm.container.attach': attachContainer,
  'swarm.port.attach': attachPort,
  'swarm.volume.attach': attachVolume,
  'swarm.service.apply': applyService,
  'swarm.service.heal': healService,
  'swarm.service.delete': deleteService,
  'swarm.service.check': checkService,
  'swarm.service.observe': observeHop,
};
