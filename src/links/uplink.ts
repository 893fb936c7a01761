import { z } from 'zod';
import { hopId } from '../hops/graph.js';
import type { Hop } from '../hops/types.js';
import { onHost, type Resource } from '../plan/resources/define.js';
import { uplink } from '../plan/resources/kinds/uplink.js';
import type { Requirement } from '../plan/step.js';
import type { MachineDevice } from './define.js';
import { THIS_HOST, type Lab, type LabLink } from '../topology/lab.js';

/** A segment joined to a real interface of this machine. */

export const uplinkField = z
  .string()
  .regex(/^[^\s/:]{1,15}$/, { error: 'write the name of an interface of this machine' })
  .optional()
  .describe(
    'A real interface of this machine that is a port of the segment while the lab is up, and is afterwards as it was. It must be up, carry neither a default route nor your ssh connection, and belong to nothing else. What leaves by it leaves the lab; what comes by it is not predicted',
  );

/** The interface that a link takes of the machine. */
export const ofMachine = (device: string | undefined): readonly MachineDevice[] =>
  device === undefined ? [] : [{ device, path: ['uplink'] }];

/** What the machine must say to it. */
export const uplinkRequirements = (
  device: string | undefined,
  bridge: string,
): readonly Requirement[] =>
  device === undefined ? [] : [{ check: 'uplink', arg: `${device} ${bridge}` }];

/** The interface as a port of the bridge of a link; nothing where it has none. */
export function uplinkPort(
  lab: Lab,
  { id, spec: { uplink: device } }: LabLink<{ readonly uplink?: string | undefined }>,
  bridge: string,
): { readonly hop: Hop; readonly resource: Resource } | undefined {
  if (device === undefined) return undefined;
  return {
    hop: {
      ...{
        id: hopId(THIS_HOST, device),
        kind: 'uplink',
        stack: THIS_HOST,
        where: lab.here,
        device,
      },
      ...{ label: `${id} uplink`, settings: {} },
    },
    resource: uplink.of({
      ...onHost(lab),
      id: `uplink ${bridge}`,
      wanted: { device, bridge },
      in: [hopId(THIS_HOST, bridge)],
      why: `plug ${device}, an interface of this machine, into the bridge`,
    }),
  };
}
