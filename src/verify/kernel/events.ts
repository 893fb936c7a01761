/**
 * What the kernel says of packets, by its own tracepoints: `net:net_dev_start_xmit`, `net:netif_receive_skb`,
 * `skb:kfree_skb`, `skb:consume_skb` (include/trace/events/{net,skb}.h), as a trace instance prints them
 * (Documentation/trace/ftrace.rst).
 */

interface EventBase {
  /** Seconds on the kernel's monotonic clock, exact to the microsecond. */
  readonly time: number;
  readonly cpu: number;
  /** The packet's address. The next packet may have it again. */
  readonly packet: string;
}

/** A device begins to send a packet, or has received it. */
export interface PassEvent extends EventBase {
  readonly what: 'sent' | 'received';
  readonly device: string;
  /** Octets: of the frame where it is sent; without its header where it is received. */
  readonly length: number;
}

/** A packet is dropped (`freed`), or has had its use (`consumed`). */
export interface EndEvent extends EventBase {
  readonly what: 'freed' | 'consumed';
  readonly function: string;
  /** Reason of the drop as the kernel names it; nothing where it names none. */
  readonly reason: string | undefined;
}

export type KernelEvent = PassEvent | EndEvent;

const LINE = /\[(\d+)\] \S+ +(\d+\.\d+): (\w+): (.*)$/;

const field = (text: string, name: string): string | undefined =>
  new RegExp(`(?:^| )${name}=(\\S+)`).exec(text)?.[1];

const pass = (what: PassEvent['what']) => (base: EventBase, text: string) => {
  const [device, length] = [field(text, 'dev'), field(text, 'len')];
  return device === undefined || length === undefined
    ? undefined
    : { ...base, what, device, length: Number(length) };
};

/** Why a packet was freed where nobody says more (include/net/dropreason-core.h). */
const UNSPECIFIED = 'NOT_SPECIFIED';

const end = (what: EndEvent['what']) => (base: EventBase, text: string) => {
  // `br_handle_frame+0xff/0x480`; what the compiler made of a function has a suffix.
  const name = field(text, 'location')?.split('+')[0]?.split('.')[0];
  const reason = /reason: (\w+)/.exec(text)?.[1];
  return name === undefined
    ? undefined
    : { ...base, what, function: name, reason: reason === UNSPECIFIED ? undefined : reason };
};

/** The tracepoints by their names, with what a line of each tells. */
const READERS: Readonly<
  Record<string, (base: EventBase, text: string) => KernelEvent | undefined>
> = {
  net_dev_start_xmit: pass('sent'),
  netif_receive_skb: pass('received'),
  kfree_skb: end('freed'),
  consume_skb: end('consumed'),
};

/** Read what a trace instance printed; lines of other kinds are left out. Pure. */
export function parseTrace(text: string): readonly KernelEvent[] {
  return text.split('\n').flatMap((line) => {
    const [, cpu = '', time = '', name = '', rest = ''] = LINE.exec(line) ?? [];
    const packet = field(rest, 'skbaddr');
    const event =
      packet === undefined
        ? undefined
        : READERS[name]?.({ time: Number(time), cpu: Number(cpu), packet }, rest);
    return event ? [event] : [];
  });
}
