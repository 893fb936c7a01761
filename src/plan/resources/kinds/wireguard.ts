import { revealed } from '../../secret.js';
import type { WireguardConfig } from '../../wireguard-config.js';
import { defineResource, type Act } from '../define.js';
import { readFrom, sameIp } from '../look.js';

interface WireguardState extends WireguardConfig {
  readonly device: string;
}

type Peer = WireguardConfig['peers'][string];

const tell = ({ device, ...config }: WireguardState): Act => ({
  do: { tool: 'wg', device, config },
});

/** Where a peer was last heard is what counts, so its endpoint is only missed where it is gone. Order and spelling of addresses are no difference. */
const peerAsWanted = (wanted: Peer, { endpoint, ...real }: Peer): Peer => ({
  ...real,
  ...(endpoint !== undefined && wanted.endpoint !== undefined && { endpoint: wanted.endpoint }),
  allowedIps:
    wanted.allowedIps.length === real.allowedIps.length &&
    wanted.allowedIps.every((one) => real.allowedIps.some((other) => sameIp(one, other)))
      ? wanted.allowedIps
      : real.allowedIps,
});

/** Keys, port and peers of a device of WireGuard: wg(8). */
export const wireguard = defineResource<WireguardState>({
  type: 'wireguard',
  noun: 'configuration of WireGuard',
  stage: () => 'inside',
  make: (wanted) => [tell(wanted)],
  change: (_, wanted) => [tell(wanted)],
  questions: (_, where) => [{ where, what: 'wireguard' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'wireguard'), wanted, (all) => {
      const real = all[wanted.device];
      if (!real) return undefined;
      const { secret = wanted.privateKey } =
        typeof wanted.privateKey === 'string' ? {} : wanted.privateKey;
      return {
        ...real,
        device: wanted.device,
        privateKey:
          real.privateKey === secret ? wanted.privateKey : { secret: revealed(real.privateKey) },
        peers: Object.fromEntries(
          Object.entries(real.peers).map(([key, peer]) => {
            const same = wanted.peers[key];
            return [key, same ? peerAsWanted(same, peer) : peer];
          }),
        ),
      };
    }),
});
