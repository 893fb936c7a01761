import type { z } from 'zod';
import type { Requirement } from '../plan/step.js';

/** A frame by which a controller discovers links: it lets a switch send one by each port, and sees where one comes in. */
export interface DiscoveryFrame {
  /** To whom it goes. */
  readonly dst: string;
  readonly etherType: number;
  /** What people call it. */
  readonly name: string;
}

/** What a controller needs to know to run. */
interface Surroundings {
  /** Folder of the templates of patchlab. */
  readonly templates: string;
  /** Where it is to write what it has discovered. */
  readonly report: string;
}

/** How patchlab runs a controller in a node. */
interface Running<Z extends z.ZodObject> {
  /** What may be said of it beside its kind. */
  readonly schema: Z;
  readonly requirements: readonly Requirement[];
  /** The argument array that runs it, in the foreground. */
  argv(spec: z.output<Z>, around: Surroundings): readonly string[];
}

/** A kind of OpenFlow controller: one file, one descriptor, one line in the registry. */
export interface ControllerKind<Z extends z.ZodObject = z.ZodObject> {
  readonly kind: string;
  readonly title: string;
  /** Markdown: how it discovers links, and what that means for cables. */
  readonly doc: string;
  /** It sees a link where one of them arrives. */
  readonly discovers: readonly DiscoveryFrame[];
  /** What a switch hears of itself it takes for no link. */
  readonly ignoresOwn?: true;
  /** Where that is written. */
  readonly source: string;
  /** Left out where patchlab only knows what it discovers with. */
  readonly runs?: Running<Z>;
}

/** Let the schema's type flow into the descriptor's functions. */
export const defineController = <Z extends z.ZodObject>(
  kind: ControllerKind<Z>,
): ControllerKind<Z> => kind;
