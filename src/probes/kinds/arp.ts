import { z } from 'zod';
import { courses } from '../../ip/courses.js';
import { resolve } from '../../ip/resolve.js';
import { newTalk } from '../../ip/talk.js';
import { defineProbe } from '../define.js';
import { findPair } from '../pair.js';
import { legsOf } from '../spoken.js';

const ARPING: readonly string[] = ['arping', '-q', '-f', '-c', '1', '-w', '1'];

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
      stack,
      device: from.hop,
      sender: source.ip,
      target: target.ip,
      isRouted: false,
    };
    const all = courses((choose) => {
      const talk = newTalk(model, stacks, { stack, end: to.hop }, choose);
      resolve(talk, question);
      return talk.spoken;
    });
    return {
      kind: 'arp',
      check,
      from,
      to,
      courses: all.map((spoken) => legsOf(spoken)),
      send: {
        stack: from.stack,
        argv: ARPING.concat('-s', source.ip, '-I', from.device, target.ip),
        forgets: { neighbours: [{ device: from.device, family: 4 }] },
        timeout: 10_000,
      },
      // arping has a socket of its own, so that only who asks must know nobody.
      uses: [from.hop.id],
    };
  },
});
