import { z } from 'zod';
import type { MacsecRow } from '../plan/resources/look.js';

/** What ip-macsec(8) says with `-j`, which may come out of a guest. */

/** It comes as a number, without the zeroes at its beginning. */
const sciField = z
  .string()
  .regex(/^0x[0-9a-f]{1,16}$/)
  .transform((text) => text.slice(2).padStart(16, '0'));

const association = z.looseObject({
  an: z.int().min(0).max(3),
  active: z.boolean(),
  key: z.string().max(64),
});

const device = z.looseObject({
  ifname: z.string().max(15),
  sa_list: z.array(association),
  rx_sc: z.array(z.looseObject({ sci: sciField, sa_list: z.array(association) })),
});

/** Read the channels and keys of MACsec devices. @returns nothing for what is no such answer */
export function readMacsec(text: string): readonly MacsecRow[] | undefined {
  try {
    const devices = z.array(device).parse(JSON.parse(text.trim() === '' ? '[]' : text));
    return devices.flatMap(({ ifname, sa_list: own, rx_sc: channels }) => [
      ...own.map(({ an, active, key }) => ({
        device: ifname,
        sci: undefined,
        an,
        on: active,
        id: key,
      })),
      ...channels.flatMap(({ sci, sa_list: keys }) => [
        { device: ifname, sci },
        ...keys.map(({ an, active, key }) => ({ device: ifname, sci, an, on: active, id: key })),
      ]),
    ]);
  } catch {
    return undefined;
  }
}
