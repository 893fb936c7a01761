import type { Command, Owned, Stage } from '../step.js';
import { THIS_HOST, type Lab } from '../../topology/lab.js';
import type { Where } from '../../where.js';
import type { Look, LookQuestion } from './look.js';

/**
 * A plan is a set of resources: things on a host or in a guest that patchlab makes or sets. What is done to build a lab, to
 * take it down or to change it in place follows from them. Nothing here touches a host.
 */

/** One thing: where it is and what it is to be. `W` is plain data, so that two plans can be compared. */
export interface Resource<W = unknown> {
  /** Made of names from the file, so that it means the same in another version of the file. Unique within the plan. */
  readonly id: string;
  /** Name of its type; `src/plan/resources/kinds/` holds one descriptor for each. */
  readonly type: string;
  readonly where: Where;
  /** The node whose it is, or this host: what is done in one lane is done one after the other. */
  readonly lane: string;
  readonly wanted: W;
  /** What it brings into being, by the names that `in` has: the id of a stack, or of the hop that a device is. */
  readonly makes?: readonly string[] | undefined;
  /** What it is in or on: it goes with any of them. */
  readonly in: readonly string[];
  /** What else must be there before it, by the names that `makes` has, and is made anew with it; it does not go with them. */
  readonly needs?: readonly string[] | undefined;
  /** The name of what makes this one too, when it is made at the same time; that of its type where left out. */
  readonly with?: string | undefined;
  /** One sentence for the reader of the plan. */
  readonly why: string;
}

/** One command of those that make, change or remove a resource. What is left out is as the resource says. */
export interface Act {
  readonly do: Command;
  /** Tells it from the other commands of the resource; the first needs none. */
  readonly name?: string;
  readonly where?: Where;
  readonly owns?: Owned;
  readonly why?: string;
}

/** A type of resources: one file, one descriptor, one line in the registry. */
export interface ResourceType<W> {
  readonly type: string;
  /** What one is called in a sentence, such as `address`. */
  readonly noun: string;
  /** When it is made, as far as what it needs and what needs it leave that open. */
  stage(where: Where, wanted: W): Stage;
  /** What its first command brings into being, if that outlives whatever made it: it is removed by its mark. */
  owns?(wanted: W, where: Where): Owned | undefined;
  make(wanted: W, resource: Resource<W>): readonly Act[];
  /** Take it away while what it is in stays; nothing where that is impossible, so that what it is in is made anew. */
  remove?(wanted: W, resource: Resource<W>): readonly Act[] | undefined;
  /** The kernel ends it in its own time. */
  readonly endsLate?: true;
  /** It would outlast what ends late, and so is removed by itself before that. */
  readonly lingers?: true;
  /** It is removed on its own when the lab is, though it owns nothing. */
  readonly lasting?: true;
  /** Turn one into another in place. A sentence says why that cannot be, and it is removed and made anew; so it is where this is left out. */
  change?(old: W, wanted: W, resource: Resource<W>): readonly Act[] | string;
  /**
   * What it is to be while the cable that it is part of is pulled, and the hops that are down then; left out where it
   * stays as it is.
   */
  pulled?(
    wanted: W,
    resource: Resource<W>,
  ): { readonly wanted: W; readonly down: readonly string[] };
  /** What is asked to read it back. */
  questions?(wanted: W, where: Where): readonly LookQuestion[];
  /**
   * What it really is, in the words of what is wanted; what nobody can know is taken as wanted.
   * @returns nothing where it is not there
   */
  read?(wanted: W, look: Look, resource: Resource<W>): W | undefined;
  /** The name of what makes this, too, when it is made at the same time, such as a domain its NICs. */
  comesWith?(wanted: W): string;
  /** Can it be made later as well? If not, what it comes with is made anew. */
  standsAlone?(wanted: W): boolean;
}

/** A descriptor, and how a resource of its type is written. */
export interface KnownType<W> extends ResourceType<W> {
  of(resource: Omit<Resource<W>, 'type'>): Resource<W>;
}

/** Let the type of what is wanted flow into the descriptor's functions. */
export const defineResource = <W>(type: ResourceType<W>): KnownType<W> => ({
  ...type,
  // All of one shape: there may be a million of them.
  of: ({ id, where, lane, wanted, makes, in: homes, needs, with: maker, why }) => ({
    id,
    type: type.type,
    where,
    lane,
    wanted,
    makes,
    in: homes,
    needs,
    ...(maker !== undefined && { with: maker }),
    why,
  }),
});

/** The place of what is in the own stack of the machine that holds a lab. */
export const onHost = ({ here }: Pick<Lab, 'here'>) =>
  ({ lane: THIS_HOST, where: here, in: [THIS_HOST] }) as const;

/** An act of ip(8). */
export const ip = (...args: readonly string[]): Act => ({ do: { tool: 'ip', args } });
