import { defineResource, ip } from '../define.js';
import { readFrom } from '../look.js';

interface ChannelState {
  readonly device: string;
  /** 16 hexadecimal digits. */
  readonly sci: string;
}

const act =
  (verb: 'add' | 'del') =>
  ({ device, sci }: ChannelState) => [ip('macsec', verb, device, 'rx', 'sci', sci)];

/** A secure channel that a MACsec device receives: ip-macsec(8) `rx`. */
export const channel = defineResource<ChannelState>({
  type: 'channel',
  noun: 'channel of a MACsec device',
  stage: () => 'inside',
  make: act('add'),
  remove: act('del'),
  questions: (_, where) => [{ where, what: 'macsec' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'macsec'), wanted, (rows) =>
      rows.some(({ device, sci }) => device === wanted.device && sci === wanted.sci)
        ? wanted
        : undefined,
    ),
});
