import type { Owned } from '../../plan/step.js';
import type { ThingName, ThingType } from './define.js';
import { container } from './kinds/container.js';
import { domain } from './kinds/domain.js';
import { link } from './kinds/link.js';
import { netns } from './kinds/netns.js';
import { nftTable } from './kinds/nft-table.js';
import { ovsBridge } from './kinds/ovs-bridge.js';
import { process } from './kinds/process.js';

/** The registry: one descriptor for each type of things that labs own on this host. */
export const thingTypes = {
  link,
  netns,
  'ovs-bridge': ovsBridge,
  'nft-table': nftTable,
  process,
  container,
  domain,
} as const;

/** What is known of a thing that is there, by its type. */
export type There<T extends ThingName> =
  (typeof thingTypes)[T] extends ThingType<T, infer Known> ? Known : never;

/** A descriptor for things whose type is only known at run time. */
export const thingType = (type: ThingName): ThingType<ThingName, unknown> =>
  thingTypes[type] as unknown as ThingType<ThingName, unknown>;

/** How a message names a thing. */
export const describeOwned = ({ type, name }: Owned): string =>
  `${thingType(type).noun} \`${name}\``;
