const lifecycle = 'cloudify.interfaces.lifecycle';
const validation = 'cloudify.interfaces.validation';
const monitoring = 'cloudify.interfaces.monitoring';

/** Full names of the operations that the engine calls, after Cloudify's interfaces. */
export const operations = {
  validateCreate: `${validation}.create`,
  validateDelete: `${validation}.delete`,
  checkStatus: `${validation}.check_status`,
  precreate: `${lifecycle}.precreate`,
  create: `${lifecycle}.create`,
  configure: `${lifecycle}.configure`,
  start: `${lifecycle}.start`,
  poststart: `${lifecycle}.poststart`,
  prestop: `${lifecycle}.prestop`,
  stop: `${lifecycle}.stop`,
  delete: `${lifecycle}.delete`,
  postdelete: `${lifecycle}.postdelete`,
  preheal: `${lifecycle}.preheal`,
  heal: `${lifecycle}.heal`,
  postheal: `${lifecycle}.postheal`,
  startMonitoring: `${monitoring}.start`,
  stopMonitoring: `${monitoring}.stop`,
  verifyTraffic: 'braid.interfaces.proof.verify',
  verifyNoTraffic: 'braid.interfaces.proof.verify_stopped',
  observeHop: 'braid.interfaces.hop.observe',
  withdrawHop: 'braid.interfaces.hop.withdraw',
  restoreHop: 'braid.interfaces.hop.restore',
} as const;

export const relationshipOperations = {
  preconfigure: 'cloudify.interfaces.relationship_lifecycle.preconfigure',
  postconfigure: 'cloudify.interfaces.relationship_lifecycle.postconfigure',
  establish: 'cloudify.interfaces.relationship_lifecycle.establish',
  unlink: 'cloudify.interfaces.relationship_lifecycle.unlink',
} as const;
export type RelationshipStep = keyof typeof relationshipOperations;

/** As an install runs them; a relationship's are between those of its source. */
export const installOrder: readonly string[] = [
  operations.validateCreate,
  operations.precreate,
  operations.create,
  relationshipOperations.preconfigure,
  operations.configure,
  relationshipOperations.postconfigure,
  operations.start,
  operations.poststart,
  operations.startMonitoring,
  relationshipOperations.establish,
];
