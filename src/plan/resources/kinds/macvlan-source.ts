import { defineResource, ip } from '../define.js';
import { devicesOf, readDevice } from '../read-device.js';

interface Source {
  readonly device: string;
  readonly mac: string;
}

const change = (verb: 'add' | 'del') => {
  return ({ device, mac }: Source) => [
    ip('link', 'set', 'dev', device, 'type', 'macvlan', 'macaddr', verb, mac),
  ];
};

/** A sender whose frames a macvlan in mode source takes: ip-link(8). */
export const macvlanSource = defineResource<Source>({
  type: 'macvlan-source',
  noun: 'sender of a macvlan',
  stage: () => 'attach',
  make: change('add'),
  remove: change('del'),
  questions: (_, where) => devicesOf(where),
  read: (wanted, look, { where }) =>
    readDevice(look, where, wanted.device, wanted, ({ linkinfo }) => {
      // Without a sender ip(8) shows their number alone, in an older version nothing at all.
      const { macaddr_count: count, macaddr_data: senders = [] } = linkinfo?.info_data ?? {};
      if (count === undefined || !Array.isArray(senders)) return wanted;
      return senders.includes(wanted.mac) ? wanted : undefined;
    }),
});
