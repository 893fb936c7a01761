/** Where something is or a command runs: a machine, or a guest of it, and there, perhaps, a network namespace. */
export interface Where {
  /** Name of the machine; `local` is the one that patchlab runs on. */
  readonly machine: string;
  /** Name of the node that is the guest, for its inside; left out for the machine itself. */
  readonly inside?: string;
  /** Name of a network namespace there, as `ip netns` knows it. */
  readonly netns?: string;
}

/** The machine that patchlab runs on, in its own network namespace. */
export const LOCAL: Where = { machine: 'local' };

/** A machine or a guest, whatever the namespace. */
export type OnHost = Pick<Where, 'machine' | 'inside'>;

/** The inside of a guest. */
export const insideOf = ({ machine }: OnHost, node: string) => ({ machine, inside: node }) as const;

/** The same machine or guest, in its own namespace. */
export const hostOf = ({ machine, inside }: OnHost): OnHost =>
  inside === undefined ? { machine } : { machine, inside };

/** Is it on a machine itself, and not in a guest of it? */
export const isOnMachine = ({ inside }: OnHost): boolean => inside === undefined;

/** Is it a machine's own stack? */
export const isOwnStack = (where: OnHost & { readonly netns?: string | undefined }): boolean =>
  isOnMachine(where) && where.netns === undefined;

const GUEST = 'guest:';

/** What the machine or the guest is called that runs what is there: `local`, or `guest:NODE`. */
export const hostNameOf = ({ machine, inside }: OnHost): string =>
  inside === undefined ? machine : `${GUEST}${inside}`;

/** The machine or guest of such a name, for a reader: nothing for the one that patchlab runs on. */
export const shownHost = (name: string): string | undefined =>
  name === LOCAL.machine ? undefined : name.replace(GUEST, '');
