import { z } from 'zod';

/** Version of every shape that a command prints. */
export const version = z
  .literal(1)
  .describe('Version of the shape; it changes when a field changes its meaning or goes');
