/** The workflow types that Temporal knows: everything here is public, and nothing else is. */
export { check } from './check.ts';
export { deployment } from './deployment/deployment.ts';
export { heal } from './heal.ts';
export { install } from './install.ts';
export { prove } from './prove.ts';
export { uninstall } from './uninstall.ts';
// oxlint-disable-next-line import/no-default-export -- by its default export the SDK knows what takes every other type
export { unknownWorkflow as default } from './unknown-workflow.ts';
