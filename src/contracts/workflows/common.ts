import { z } from 'zod';
import { jsonObjectSchema } from '../json-schemas.ts';

/** A deployment's name: it becomes part of workflow ids, host names and labels. */
export const deploymentNameSchema = z
  .string()
  .min(1, 'a deployment needs a name')
  .max(50, 'a deployment’s name has at most 50 characters')
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'a deployment’s name has small letters, digits and inner hyphens only',
  )
  .describe('Name of the deployment');

export const onFailureSchema = z
  .enum(['stop', 'rollback'])
  .default('stop')
  .describe(
    'What to do when an operation fails for good: leave everything as it is, or undo what this execution did',
  );

export const windowSchema = z
  .number()
  .int()
  .min(1)
  .max(1000)
  .default(100)
  .describe('How many operations may be in flight at a time');

export const blueprintSchema = z
  .string()
  .min(1)
  .describe('Path of the blueprint’s main file, below the worker’s blueprint folder');

export const inputsSchema = jsonObjectSchema.default({}).describe('Inputs of the blueprint');

export const parentSchema = deploymentNameSchema
  .optional()
  .describe('The deployment that this one is a component of');
