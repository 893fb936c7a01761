import type { z } from 'zod';
import type { HopFragment } from '../hops/types.js';
import type { Command } from '../plan/step.js';
import type { LabNode } from '../topology/lab.js';

/** A device inside a node, `[NAMESPACE:]NAME`. */
export interface LocalDevice {
  readonly namespace: string | undefined;
  readonly name: string;
}

/** What planning a device can ask of the node around it. */
export interface DeviceContext {
  readonly node: LabNode;
  /** A MAC derived from lab, node and device, so that plans are repeatable. */
  mac(device: LocalDevice): string;
  /** Id of the hop of a device of this node. */
  hopId(device: LocalDevice): string;
  /** Where commands run that belong to a namespace of the node. */
  netns(namespace: string | undefined): string | undefined;
}

/** A command inside the node's stacks; undone with the stack itself. */
export interface InsideCommand {
  readonly namespace: string | undefined;
  readonly do: Command;
  readonly why: string;
}

/** A kind of device that a node builds inside its stack: one file, one descriptor, one line in the registry. */
export interface DeviceKind<Z extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  readonly title: string;
  /** Markdown. */
  readonly doc: string;
  readonly example: string;
  readonly schema: Z;
  /** Kernel link kind that the stack's kernel must have (ip-link(8), TYPES). */
  readonly kernelKind: string;
  /** The devices that it brings into being. */
  makes(spec: z.output<Z>): readonly (LocalDevice & { readonly path: readonly (string | number)[] })[];
  /** The devices that it takes for itself (a bridge its members): no other device or link may claim them. */
  takes(spec: z.output<Z>): readonly (LocalDevice & { readonly path: readonly (string | number)[] })[];
  plan(spec: z.output<Z>, context: DeviceContext): readonly InsideCommand[];
  hops(spec: z.output<Z>, context: DeviceContext): HopFragment;
}

/** Let the schema's type flow into the descriptor's functions. */
export const defineDevice = <Z extends z.ZodObject>(kind: DeviceKind<Z>): DeviceKind<Z> => kind;
