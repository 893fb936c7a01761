import { defineController } from '../define.js';
import { LLDP_GROUP } from '../frames.js';

/** Faucet, on top of os-ken: faucet/valve_packet.py. */
export const faucet = defineController({
  kind: 'faucet',
  title: 'Faucet',
  doc: `Finds the links of a stack of switches by LLDP beacons to the address that bridges hand on to nobody, so it sees the same cables as os-ken.`,
  discovers: [LLDP_GROUP],
  source: 'faucet/valve_packet.py: lldp_beacon; IEEE 802.1AB-2016, 7.1',
});
