import { ETHER_TYPES, UNTAGGED, type Frame } from '../frames/frame.js';
import { sciOf } from '../frames/macsec.js';
import { mtuOf, untagged } from './limits.js';
import { chance, drop } from './outcome.js';
import { PASS, type Forwarding, type Hop, type HopSettings } from './types.js';

/** What a MACsec device seals and opens: Linux drivers/net/macsec.c, IEEE 802.1AE-2018 clause 10. */

const CODE = 'Linux drivers/net/macsec.c';

/** What becomes of frames that do not hold: refused, or handed on as far as they can be read. */
export const VALIDATIONS = ['strict', 'check', 'disabled'] as const;

/** A key that a device sends or receives with. */
interface Association {
  /** Hexadecimal digits. */
  readonly key: string;
  /** Packet number of the first frame. */
  readonly pn: number;
}

/** Those of a channel that are on, by their numbers. */
export type Associations = Readonly<Partial<Record<number, Association>>>;

/** A MACsec device, as the model reads it. */
export interface MacsecSettings extends HopSettings {
  /** Id of the hop below. */
  readonly lower: string;
  /** Its secure channel identifier, as 16 hexadecimal digits. */
  readonly sci: string;
  readonly sendsSci: boolean;
  /** It seals what it sends. */
  readonly protect: boolean;
  readonly encrypt: boolean;
  /** Which of its keys it sends with. */
  readonly encodingsa: number;
  readonly own: Associations;
  readonly icvLength: number;
  readonly validate: (typeof VALIDATIONS)[number];
  /** How many frames late one may come; any number when left out. */
  readonly window: number | undefined;
  /** The channels that it takes frames of, by their SCI. */
  readonly peers: Readonly<Partial<Record<string, Associations>>>;
}

/** Octets of the SecTAG with its EtherType: 802.1AE-2018, 9.3. */
export const tagLength = (sendsSci: boolean): number => (sendsSci ? 16 : 8);

const TAG = 4;

/** What it sends by the device below, sealed, or why it cannot. */
export function sealed(
  { label, settings }: Hop<MacsecSettings>,
  lower: Hop | undefined,
  frame: Frame,
): Forwarding {
  const { protect, sendsSci, encodingsa: an, own, icvLength, encrypt: isEncrypted } = settings;
  if (!protect) return PASS;
  const association = own[an];
  if (!association)
    return drop(
      `${label} sends with its key ${an} (\`encodingsa\`), and has no such key that is on: it throws away all that it is to send.`,
      `Give it that key in \`keys\`, or make \`encodingsa\` the number of one that it has.`,
      `${CODE}: macsec_encrypt (macsec_txsa_get), macsec_start_xmit (secy->operational)`,
    );
  const { vlans, payload } = frame;
  const added = TAG * vlans.length + tagLength(sendsSci) + icvLength;
  const size = payload === undefined ? undefined : payload + added;
  if (lower && size !== undefined && size > mtuOf(lower))
    return drop(
      `Sealed, the frame has ${size} octets behind its addresses and type, and ${lower.label} takes ${mtuOf(lower)}: ${label} throws it away and tells nobody.`,
      `Lower the MTU of what sends it by ${size - mtuOf(lower)}, or raise that of ${lower.label}.`,
      `${CODE}: macsec_encrypt (OutPktsTooLong)`,
    );
  const { dst, src, joined } = frame;
  const { key, pn } = association;
  return {
    action: 'pass',
    frame: {
      ...{ dst, src, vlans: UNTAGGED, etherType: ETHER_TYPES.macsec },
      ...(size !== undefined && { payload: size }),
      ...(joined !== undefined && { joined }),
      sealed: {
        ...{ sci: sendsSci ? settings.sci : sciOf(src), an, pn, frame },
        seal: { key, icvLength, isEncrypted },
      },
    },
  };
}

/** Is the frame in a channel that a device knows? Then it is for that device alone. */
export const isOfPeer = ({ settings }: Hop<MacsecSettings>, { sealed: inside }: Frame): boolean =>
  inside !== undefined && settings.peers[inside.sci] !== undefined;

type Inside = NonNullable<Frame['sealed']>;

/** Has what is sealed another form than that of the frame? Then there is no sense in handing it on unopened. */
const isChanged = ({ seal }: Inside): boolean =>
  seal !== undefined && (seal.isEncrypted || seal.icvLength !== 16);

/** Why a frame is not as the device wants it; nothing where it is. */
type Fault = ReturnType<typeof drop> | undefined;

const HANDED_ON =
  'With `validate: check` or `disabled` it would be handed on, as long as it is not encrypted.';

/** A frame with a fault that the device hands on all the same, or does not. */
const judged = (
  { settings: { validate } }: Hop<MacsecSettings>,
  inside: Inside,
  fault: ReturnType<typeof drop>,
): Fault => (validate === 'strict' || isChanged(inside) ? fault : undefined);

/** What comes by the device below without a SecTAG. */
export function untold({ label, settings: { validate } }: Hop<MacsecSettings>): Forwarding {
  if (validate !== 'strict') return PASS;
  return drop(
    `The frame has no SecTAG, and ${label} takes none such (\`validate: strict\`): it is for the stack of the device below alone.`,
    'Send it by a MACsec device with `protect: true`, or set `validate: check`.',
    `${CODE}: handle_not_macsec (InPktsNoTag); IEEE 802.1AE-2018 10.6`,
  );
}

function unknownChannel(hop: Hop<MacsecSettings>, inside: Inside): Fault {
  const { label, settings } = hop;
  return judged(
    hop,
    inside,
    drop(
      `The frame comes in the channel ${inside.sci}, and ${label} knows ${Object.keys(settings.peers).join(', ') || 'none'}.`,
      `Put the sender among the \`peers\` of ${label}. ${HANDED_ON}`,
      `${CODE}: macsec_handle_frame (nosci, InPktsNoSCI); IEEE 802.1AE-2018 10.6.1`,
    ),
  );
}

function withoutKey(hop: Hop<MacsecSettings>, inside: Inside): Fault {
  const { label } = hop;
  return judged(
    hop,
    inside,
    drop(
      `The frame was sealed with the key ${inside.an} of ${inside.sci}, and ${label} has no such key of that sender that is on.`,
      `Give ${label} the key ${inside.an} of that peer. ${HANDED_ON}`,
      `${CODE}: macsec_handle_frame (macsec_rxsa_get, InPktsNotUsingSA); IEEE 802.1AE-2018 10.6.1`,
    ),
  );
}

function late({ label, settings: { window } }: Hop<MacsecSettings>, pn: number, least: number) {
  if (window === undefined || pn >= least - window) return undefined;
  return drop(
    `The frame has the packet number ${pn}, and ${label} expects ${least} and takes what is ${window} late at most: to it this is a frame that somebody has sent again.`,
    `Let both ends begin with the same \`pn\`, or set \`replay: false\`.`,
    `${CODE}: macsec_handle_frame (replay_protect, InPktsLate); IEEE 802.1AE-2018 10.6.2`,
  );
}

function otherKey(hop: Hop<MacsecSettings>, inside: Inside): Fault {
  const { label } = hop;
  return judged(
    hop,
    inside,
    drop(
      `${label} has another key ${inside.an} of ${inside.sci} than the one that the frame was sealed with: it does not hold.`,
      `Give both ends the same key. ${HANDED_ON}`,
      `${CODE}: macsec_decrypt, macsec_post_decrypt (InPktsNotValid); IEEE 802.1AE-2018 10.6.5`,
    ),
  );
}

function otherIcv(hop: Hop<MacsecSettings>, inside: Inside): Forwarding | undefined {
  const { label, settings } = hop;
  const length = inside.seal?.icvLength ?? settings.icvLength;
  if (length === settings.icvLength) return undefined;
  const cause = drop(
    `The ICV of the frame has ${length} octets, and ${label} expects ${settings.icvLength}: the frame does not hold.`,
    'Give both ends the same `icvlen`.',
    `${CODE}: macsec_validate_skb (InPktsBadTag), macsec_decrypt, macsec_post_decrypt (InPktsNotValid)`,
  );
  // A short one is told by its length; a long one is handed on with what is left of its ICV.
  return judged(hop, inside, cause) ?? chance(undefined, cause);
}

/** What comes by the device below with a SecTAG: the frame in it, or why it is not handed on. */
export function opened(hop: Hop<MacsecSettings>, inside: Inside): Forwarding {
  const { peers } = hop.settings;
  const frame = untagged(inside.frame);
  const channel = peers[inside.sci];
  const association = channel?.[inside.an];
  const fault = !channel
    ? unknownChannel(hop, inside)
    : !association
      ? withoutKey(hop, inside)
      : (late(hop, inside.pn, association.pn) ??
        otherIcv(hop, inside) ??
        (inside.seal && inside.seal.key !== association.key ? otherKey(hop, inside) : undefined));
  return { ...(fault ?? PASS), frame };
}
