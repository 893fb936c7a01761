/** Where something is or a command runs: a host (this machine, or a guest reached through its agent) and there, perhaps, a network namespace. */
export interface Where {
  /** `local`, or `guest:NODE` for the inside of a virtual machine. */
  readonly host: string;
  /** Name of a network namespace on that host, as `ip netns` knows it. */
  readonly netns?: string;
}

/** This machine, in its own network namespace. */
export const LOCAL: Where = { host: 'local' };

/** Is it on this machine, and not in a guest? */
export const isLocal = ({ host }: Pick<Where, 'host'>): boolean => host === LOCAL.host;

/** Is it this machine's own stack? */
export const isOwnStack = (where: Pick<Where, 'host'> & { readonly netns?: string | undefined }) =>
  isLocal(where) && where.netns === undefined;
