import type { HopGraph } from '../../hops/graph.js';
import type { Lab } from '../../topology/lab.js';
import type { Elsewhere } from '../capture/elsewhere.js';
import type { Verdict } from '../judge/verdict.js';
import type { Adjacency, Heard } from './adjacency.js';

/** Something that nobody asked about. */
export interface Finding {
  /** Name of the kind of finding. */
  readonly kind: string;
  /** `error` contradicts the topology, and the verification fails by it; `warning` is odd and may be meant. */
  readonly severity: 'error' | 'warning';
  /** Ports or devices, as a person names them. */
  readonly where: readonly string[];
  /** What was found, one sentence. */
  readonly what: string;
  /** What it is held against. */
  readonly why: string;
  readonly fix: string;
}

/** A device as it really is: ip-address(8) with `-j`. */
export interface SeenDevice {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  /** Administratively up. */
  readonly up: boolean;
  /** Canonical text without the prefix length, link-local ones left out. */
  readonly addresses: readonly string[];
}

/** The devices of each stack that could be read, by its id; `@host` is this machine. */
export type SeenDevices = ReadonlyMap<string, readonly SeenDevice[]>;

/** An address with the MAC that claimed it in an ARP packet: RFC 826, sender. */
export interface Claim {
  readonly ip: string;
  readonly mac: string;
  /** It was said in answer to a question. */
  readonly isAnswer: boolean;
}

/** A frame that was sent twice: as it is, and while the receiver was in promiscuous mode. */
export interface Retried {
  /** Which frame of the probe. */
  readonly leg: string;
  readonly from: string;
  readonly to: string;
  readonly arrived: boolean;
  /** `null` where no device could be put into promiscuous mode. */
  readonly watched: boolean | null;
  /** Labels of the devices that were in promiscuous mode. */
  readonly watchers: readonly string[];
}

/** All that is looked at. */
export interface FindingContext {
  readonly lab: Lab;
  readonly graph: HopGraph;
  readonly adjacency: Adjacency;
  /** LLDP as it was heard at ports, each neighbour of a port once. */
  readonly heard: readonly Heard[];
  readonly claims: readonly Claim[];
  /** Frames of checks at hops to which no way leads them. */
  readonly strays: readonly Elsewhere[];
  readonly verdicts: readonly Verdict[];
  readonly state: SeenDevices;
  /** Empty unless all was observed twice. */
  readonly again: readonly Retried[];
}

/** A kind of finding: one file, one descriptor, one line in the registry. */
export interface FindingKind {
  readonly kind: string;
  /** What it finds and how, one or two sentences. */
  readonly doc: string;
  find(context: FindingContext): readonly Omit<Finding, 'kind'>[];
}

/** How a lab is made right that was changed behind patchlab's back. */
export const REBUILD =
  'Mend it by hand, or build the lab anew: `patchlab down`, then `patchlab up`.';
