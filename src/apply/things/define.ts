import type { Command, Owned, Stage } from '../../plan/step.js';
import type { Libvirt } from '../libvirt.js';

/** Types of things that labs own on this host. */
export type ThingName = Owned['type'];
type OwnedOf<T extends ThingName> = Extract<Owned, { type: T }>;

/** What libvirt is asked. */
export type LibvirtList = Pick<Libvirt, 'list'>;

/** A thing that carries the mark of a lab. */
export interface Marked {
  readonly lab: string;
  readonly owned: Owned;
}

/** What the journal of a lab tells of its things, where they do not tell it themselves. */
export interface JournalMemory {
  /** Is the thing one that a step has begun to make on this boot, and that no step has marked yet? */
  readonly unmarked: (owned: Owned) => boolean;
  /** `namespaceId` of the network namespace that was made under a name. */
  readonly namespace: (name: string) => string | undefined;
}

/** A type of things that a lab owns: one file, one descriptor, one line in the registry. `There` is what is known of one that exists. */
export interface ThingType<T extends ThingName, There> {
  readonly type: T;
  /** What one is called in a sentence. */
  readonly noun: string;
  /** What tells that one is of a lab, in words. */
  readonly mark: (lab: string) => string;
  /** No reboot leaves any. */
  readonly endsWithBoot?: true;
  /** What carries marks is found without a daemon, in no time. */
  readonly isQuick?: true;
  /** Whose it is by its name and what is there, and what the journal tells. */
  isOurs(there: There, owned: OwnedOf<T>, lab: string, memory: JournalMemory): boolean;
  /**
   * What there is of them, by name.
   * @param names - those that are asked for; others may be left out
   * @returns nothing where what knows of them does not answer
   */
  read(
    names: readonly string[],
    libvirt: LibvirtList,
  ): Promise<ReadonlyMap<string, There> | undefined>;
  /** Those that carry the mark of a lab, or of any; none where what knows of them does not answer. */
  marked(lab: string | undefined, libvirt: LibvirtList): Promise<readonly Marked[]>;
  /** How one is removed, and in which stage it would have been made. */
  removal(owned: OwnedOf<T>): readonly [Stage, Command];
}

/** Let the type's name flow into the descriptor's functions. */
export const defineThing = <T extends ThingName, There>(
  thing: ThingType<T, There>,
): ThingType<T, There> => thing;
