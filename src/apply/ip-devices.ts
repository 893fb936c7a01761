import { z } from 'zod';

/** What ip-address(8) says with `-d -j`, which may come out of a guest: so it is held against a schema like any stranger's text. */

/** Longest text that anything of a device has, such as an alias: IFALIASZ. */
const TEXT = z.string().max(256);

const settings = z.record(z.string(), z.unknown());

const ipDevice = z.looseObject({
  // IFNAMSIZ
  ifname: z.string().min(1).max(15),
  flags: z.array(TEXT),
  mtu: z.int(),
  address: TEXT.default(''),
  /** What it is made with, where `address` was changed. */
  permaddr: TEXT.optional(),
  ifalias: TEXT.optional(),
  altnames: z.array(z.string().min(1).max(127)).optional(),
  master: TEXT.optional(),
  operstate: TEXT.optional(),
  linkinfo: z
    .looseObject({
      info_kind: TEXT.optional(),
      info_data: settings.optional(),
      info_slave_kind: TEXT.optional(),
      info_slave_data: settings.optional(),
    })
    .optional(),
  addr_info: z
    .array(
      z.looseObject({
        local: TEXT.optional(),
        prefixlen: z.int().optional(),
        scope: TEXT.optional(),
      }),
    )
    .default([]),
});

/** A device in the words of ip-address(8). */
export type IpDevice = z.output<typeof ipDevice>;

/** Read the devices of a stack. @returns nothing for what is no such answer */
export function parseIpDevices(text: string): readonly IpDevice[] | undefined {
  try {
    const all = z.array(z.looseObject({})).parse(JSON.parse(text));
    // A device of another family than the one asked for is an empty object.
    return z.array(ipDevice).parse(all.filter((one) => Object.keys(one).length > 0));
  } catch {
    return undefined;
  }
}
