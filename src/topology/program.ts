import type { ControllerSpec } from '../controllers/field.js';

/** A program that runs in a stack. */
export interface NodeProgram {
  /** `LAB.NODE.NAME`, or `LAB.NODE.NAMESPACE.NAME`. */
  readonly name: string;
  readonly stack: string;
  /** Program and arguments, or the controller that it is. */
  readonly does: { readonly argv: readonly string[] } | { readonly controller: ControllerSpec };
}
