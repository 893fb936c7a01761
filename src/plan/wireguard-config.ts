import { revealed, type Secret } from './secret.js';

/** What a device of WireGuard is told, as wg(8) has it. */
export interface WireguardConfig {
  /** Of base64; one that the file gives is a secret, one that is derived is none. */
  readonly privateKey: string | Secret;
  readonly listenPort: number;
  /** Mark of the packets that it sends; 0 is none. */
  readonly fwmark: number;
  /** By public key. */
  readonly peers: Readonly<Record<string, WireguardPeerConfig>>;
}

interface WireguardPeerConfig {
  readonly presharedKey?: Secret;
  /** `ADDRESS:PORT`, an address of IPv6 in brackets. */
  readonly endpoint?: string;
  readonly allowedIps: readonly string[];
  /** Seconds; 0 is never. */
  readonly keepalive: number;
}

/** The text of wg(8) CONFIGURATION FILE FORMAT. */
export const wireguardText = ({ privateKey, listenPort, fwmark, peers }: WireguardConfig): string =>
  [
    '[Interface]',
    `PrivateKey = ${revealed(privateKey)}`,
    `ListenPort = ${listenPort}`,
    `FwMark = ${fwmark}`,
    ...Object.entries(peers).flatMap(([key, { presharedKey, endpoint, allowedIps, keepalive }]) => [
      '',
      '[Peer]',
      `PublicKey = ${key}`,
      ...(presharedKey ? [`PresharedKey = ${revealed(presharedKey)}`] : []),
      ...(endpoint === undefined ? [] : [`Endpoint = ${endpoint}`]),
      `AllowedIPs = ${allowedIps.join(', ')}`,
      `PersistentKeepalive = ${keepalive}`,
    ]),
    '',
  ].join('\n');

const [NONE, OFF] = ['(none)', 'off'];

/** One that is set, as `wg show all dump` says it, by device; keys are in the clear. */
export function readWireguard(text: string): Readonly<Record<string, WireguardConfig>> {
  const found: Record<string, WireguardConfig> = {};
  for (const line of text.split('\n')) {
    const [device = '', ...fields] = line.split('\t');
    const before = found[device];
    if (!before) {
      const [privateKey = '', , port = '0', mark = OFF] = fields;
      if (fields.length >= 4)
        found[device] = {
          ...{ privateKey, listenPort: Number(port), peers: {} },
          fwmark: mark === OFF ? 0 : Number(mark),
        };
      continue;
    }
    const [key = '', preshared = NONE, endpoint = NONE, allowed = NONE, , , , keepalive = OFF] =
      fields;
    const peer = {
      ...(preshared !== NONE && { presharedKey: { secret: preshared } }),
      ...(endpoint !== NONE && { endpoint }),
      allowedIps: allowed === NONE ? [] : allowed.split(','),
      keepalive: keepalive === OFF ? 0 : Number(keepalive),
    };
    found[device] = { ...before, peers: { ...before.peers, [key]: peer } };
  }
  return found;
}
