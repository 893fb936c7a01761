import { ownNetwork } from '../own-network.js';
import { bad, defineCheck, good, saying } from './define.js';

/** tc(8), tc-u32(8), tc-mirred(8): what a `redirect` link asks of the kernel, on the `lo` of a namespace of its own. */
const FILTER = `qdisc add dev lo ingress
filter add dev lo ingress protocol all u32 match u32 0 0 action mirred egress redirect dev lo
`;

export const tcRedirect = defineCheck({
  name: 'tc-redirect',
  title: 'Kernel redirects frames by tc',
  doc: 'A `redirect` link is two tc filters: the kernel needs the ingress queue, the classifier u32 and the action mirred.',
  severity: 'error',
  kernel: () => ({ config: 'NET_ACT_MIRRED', module: 'act_mirred' }),
  needs: ['unshare', 'tc'],
  async run(_arg, context) {
    const result = await context.run([...ownNetwork(), 'tc', '-batch', '-'], { input: FILTER });
    if (result.exitCode === 0) return good('a filter that redirects was made');
    return bad(
      `\`tc\` failed: ${saying(result)}`,
      'modprobe -a sch_ingress cls_u32 act_mirred, or use another kind of link, e.g. `ovs-panel`',
    );
  },
});
