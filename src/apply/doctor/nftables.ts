import { filterRules } from '../../plan/host-filter.js';
import { ownNetwork } from '../own-network.js';
import { bad, defineCheck, good, saying } from './define.js';

/** What every lab with a device on the host asks of nftables. */
const RULES = filterRules('patchlab', { bridges: ['lab0'], others: ['lab1'] });

export const nftables = defineCheck({
  name: 'nftables',
  title: 'nftables keeps labs off the host',
  doc: "A lab's devices on the host (bridges, taps, the lower devices of macvtaps) are devices of the host's own IP stack too. A table of nftables keeps what a lab sends from reaching it; without that the host would answer inside the lab.",
  severity: 'error',
  kernel: () => ({ config: 'NF_TABLES', module: 'nf_tables' }),
  needs: ['unshare', 'nft'],
  async run(_arg, context) {
    // The namespace belongs to the process alone, and the rules go with it.
    const result = await context.run([...ownNetwork(), 'nft', '-f', '-'], { input: RULES });
    if (result.exitCode === 0) return good('the tables were made in a namespace of their own');
    return bad(
      `\`nft\` failed: ${saying(result)}`,
      'modprobe -a nf_tables nf_tables_arp nf_tables_inet nf_tables_bridge, boot a kernel that has them (CONFIG_NF_TABLES_ARP, _INET, _BRIDGE), or use only links that have no device on the host: `veth`, `udp`',
    );
  },
});
