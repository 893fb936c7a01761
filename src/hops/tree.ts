/** A switch that takes part in a spanning tree. */
export interface TreeBridge {
  /** Its identifier, as text that compares like the number: priority in four hexadecimal digits, MAC. */
  readonly id: string;
  readonly ports: readonly TreePort[];
  /** Which of the two tables of IEEE 802.1D it has for the cost of a port by its speed: `long` is that of 2004. */
  readonly costs: 'short' | 'long';
}

export interface TreePort {
  /** Id of its hop. */
  readonly hop: string;
  /** Its identifier: priority and number. */
  readonly id: number;
  /** What a way to the root by this port costs beyond what the neighbour tells; by its device when left out. */
  readonly cost: number | undefined;
  /** A BPDU that comes in disables it. */
  readonly guard?: boolean;
  /** It is never the way to the root. */
  readonly rootBlock?: boolean;
}
