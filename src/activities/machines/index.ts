import type { OperationTable } from '../operation.ts';
import { createMachine, deleteMachine, healMachine, startMachine } from './machine.ts';
import { checkMachine } from './machine-check.ts';
import { checkNetwork, createNetwork, deleteNetwork } from './network.ts';
import { checkPort, createPort, deletePort } from './port.ts';

/** What the plugin `machines` offers. */
export const operations: OperationTable = {
  'machines.network.create': createNetwork,
  'machines.network.delete': deleteNetwork,
  'machines.network.check': checkNetwork,
  'machines.port.create': createPort,
  'machines.port.delete': deletePort,
  'machines.port.check': checkPort,
  'machines.machine.create': createMachine,
  'machines.machine.start': startMachine,
  'machines.machine.heal': healMachine,
  'machines.machine.delete': deleteMachine,
  'machines.machine.check': checkMachine,
};
