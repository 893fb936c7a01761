import { z } from 'zod';
import { version } from './version.js';

const state = z
  .enum(['up', 'no-carrier', 'down', 'gone'])
  .describe('`up`: set up and with a carrier; `down`: not set up');
const device = {
  hop: z.string().describe('Its label'),
  stack: z.string().describe('A node, NODE/NAMESPACE, or `@host`, this machine'),
  device: z.string(),
  link: z.string().nullable(),
  state,
};
const devices = z.array(
  z.strictObject({
    ...device,
    counters: z
      .strictObject({ received: z.int(), sent: z.int(), dropped: z.int() })
      .nullable()
      .describe('Frames since it was made'),
  }),
);
const time = z.number().describe('Seconds since the epoch when it was heard of');

/** What `watch` prints with `--json`: an object a line. */
export const watchResult = z
  .discriminatedUnion('event', [
    z.strictObject({ version, event: z.literal('begin'), lab: z.string(), devices }),
    z.strictObject({ version, time, event: z.literal('device'), ...device }),
    z.strictObject({
      ...{ version, time },
      event: z.literal('neighbour'),
      stack: z.string(),
      device: z.string(),
      address: z.string(),
      mac: z.string().nullable(),
      state: z
        .enum(['seen', 'aged', 'failed', 'gone'])
        .describe('`aged`: nobody has confirmed it for a while; `failed`: it does not answer'),
    }),
    z.strictObject({
      ...{ version, time },
      event: z.literal('guest'),
      node: z.string(),
      what: z.string().describe('`started`, `stopped`, `crashed`, ..., as libvirt calls it'),
      why: z.string(),
    }),
    z.strictObject({
      ...{ version, time },
      event: z.literal('cable').describe('`patchlab cut` or `plug`'),
      link: z.string(),
      state: z.enum(['cut', 'plugged']),
    }),
    z.strictObject({
      ...{ version, time },
      event: z.literal('impairment'),
      port: z.string(),
      now: z.looseObject({}).nullable().describe('`null` for none'),
    }),
    z.strictObject({ version, time, event: z.literal('lab'), state: z.literal('gone') }),
    z.strictObject({
      ...{ version, time },
      event: z.literal('blind').describe('Nothing more is heard of this'),
      where: z.string(),
      why: z.string(),
    }),
    z.strictObject({ version, event: z.literal('end'), lab: z.string(), devices }),
  ])
  .describe('An object a line: one when it listens, one for each change, one at the end');
