/**
 * How the states of the ports of a device are told while it settles, and how those that do not forward yet look there: a
 * regular expression of grep(1).
 */
export interface Settling {
  readonly argv: readonly string[];
  readonly unsettled: string;
}
