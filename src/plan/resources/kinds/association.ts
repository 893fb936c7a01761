import { hash } from 'node:crypto';
import { defineResource, ip, type Act } from '../define.js';
import { readFrom } from '../look.js';

/** A key of a MACsec device. */
export interface AssociationState {
  readonly device: string;
  /** Channel of the peer whose it is; none for one that the device sends with. */
  readonly sci?: string;
  readonly an: number;
  /** Hexadecimal digits. */
  readonly key: string;
  /** Packet number of the first frame. */
  readonly pn: number;
  readonly on: boolean;
}

const place = ({ device, sci, an }: AssociationState): readonly string[] => [
  device,
  ...(sci === undefined ? ['tx'] : ['rx', 'sci', sci]),
  ...['sa', String(an)],
];

const macsec = (verb: string, state: AssociationState, ...words: readonly string[]): Act =>
  ip('macsec', verb, ...place(state), ...words);

const power = (on: boolean): 'on' | 'off' => (on ? 'on' : 'off');

/** The kernel shows no key, but this: 32 hexadecimal digits. Another key has another one. */
const idOf = (key: string): string => hash('sha256', key).slice(0, 32);

const keyWords = ({ key }: AssociationState) => ['key', idOf(key), key] as const;

/** A secure association of a MACsec device: ip-macsec(8) `sa`. */
export const association = defineResource<AssociationState>({
  type: 'association',
  noun: 'key of a MACsec device',
  stage: () => 'inside',
  make: (wanted) => [
    macsec('add', wanted, 'pn', String(wanted.pn), power(wanted.on), ...keyWords(wanted)),
  ],
  // The kernel removes none that is on.
  remove: (wanted) => [macsec('set', wanted, 'off'), { ...macsec('del', wanted), name: 'delete' }],
  change(old, wanted) {
    if (old.key !== wanted.key) return 'a key is said when it is made';
    if (old.pn !== wanted.pn) return 'the packet number of the first frame is said when it is made';
    return [macsec('set', wanted, power(wanted.on))];
  },
  questions: (_, where) => [{ where, what: 'macsec' }],
  read: (wanted, look, { where }) =>
    readFrom(look(where, 'macsec'), wanted, (rows) => {
      const found = rows.find(
        ({ device, sci, an }) => device === wanted.device && sci === wanted.sci && an === wanted.an,
      );
      if (found?.on === undefined) return undefined;
      // Which key it is nobody can say, but whether it is this one.
      const key = found.id === idOf(wanted.key) ? wanted.key : 'another';
      return { ...wanted, key, on: found.on };
    }),
});
