import { z } from 'zod';
import { remembering } from '../../hops/model.js';
import { courses } from '../../ip/courses.js';
import { resolve } from '../../ip/resolve.js';
import type { Talk } from '../../ip/talk.js';
import { defineProbe } from '../define.js';
import { findPair } from '../pair.js';
import { legsOf } from '../spoken.js';

/** Address resolution by arping(8). */
export const arp = defineProbe({
  kind: 'arp',
  title: 'ARP resolution',
  doc: `arping asks at \`from\` for the address of \`to\`: the request is broadcast, the reply is unicast to the asker's MAC. Needs IPv4
addresses of one subnet at both ends.`,
  schema: z.strictObject({ probe: z.literal('arp') }),
  filter: 'arp',
  programs: ['arping'],
  prepare(check, ends, { model, stacks }) {
    const pair = findPair(ends, [4]);
    if (!('from' in pair)) return pair;
    const { from, to, target, source } = pair;
    const stack = stacks.get(from.stack.id);
    if (!stack) throw new RangeError(`${from.stack.id} has no IP stack`);
    const question = {
      ...{ stack, device: from.hop, sender: source.ip, target: target.ip, isRouted: false },
    };
    const [spoken = [], ...rivals] = courses((choose) => {
      const talk: Talk = {
        ...{ model: remembering(model), stacks, end: to.hop, origin: stack, choose },
        ...{ spoken: [], neighbours: new Map(), tracked: new Set() },
      };
      resolve(talk, question);
      return talk.spoken;
    });
    const arping = ['arping', '-q', '-f', '-c', '1', '-w', '1', '-s', source.ip];
    return {
      kind: 'arp',
      check,
      from,
      to,
      legs: legsOf(spoken, 4),
      rivals: rivals.map((one) => legsOf(one, 4)),
      send: {
        stack: from.stack,
        argv: [...arping, '-I', from.device, target.ip],
        forgets: { neighbours: [{ device: from.device, family: 4 }] },
        timeout: 10_000,
      },
      // arping has a socket of its own, so that only who asks must know nobody.
      uses: [from.hop.id],
    };
  },
});
