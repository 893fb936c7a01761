import { arpFlux } from './arp-flux.js';
import { crossedCable } from './crossed-cable.js';
import type { Finding, FindingContext, FindingKind } from './define.js';
import { duplicateAddress } from './duplicate-address.js';
import { duplicateMac } from './duplicate-mac.js';
import { leak } from './leak.js';
import { heisenbug } from './heisenbug.js';
import { oneWayLink } from './one-way-link.js';
import { portMac } from './port-mac.js';
import { secondNeighbour } from './second-neighbour.js';
import { wrongMtu } from './wrong-mtu.js';

/** Every kind of finding that a verification looks for without being asked. */
export const findingKinds: readonly FindingKind[] = [
  crossedCable,
  secondNeighbour,
  oneWayLink,
  duplicateMac,
  duplicateAddress,
  arpFlux,
  portMac,
  wrongMtu,
  leak,
  heisenbug,
];

/** All that nobody asked about. Pure. */
export const findAll = (context: FindingContext): readonly Finding[] =>
  findingKinds.flatMap((finder) =>
    finder.find(context).map((finding) => ({ kind: finder.kind, ...finding })),
  );
