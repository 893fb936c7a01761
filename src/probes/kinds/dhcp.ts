import { hash } from 'node:crypto';
import { z } from 'zod';
import { decodeDhcp } from '../../frames/decode/dhcp.js';
import { BROADCAST } from '../../frames/mac.js';
import { udpFrame } from '../../frames/values.js';
import { learn } from '../../hops/find-way.js';
import { remembering } from '../../hops/model.js';
import { certainDrop, type Way } from '../../hops/predict.js';
import { inwards, outwards, type Passing } from '../../ip/sights.js';
import { filteredBy, refused, sentBy, untaken } from '../../ip/talk.js';
import { leaseRange } from '../lease-range.js';
import { defineProbe, type Leg } from '../define.js';
import { singleEnd, wayOf } from '../single.js';

/** The four messages of a lease: RFC 2131, 3.1. */
const MESSAGES = [
  { name: 'DISCOVER', type: 1, isReply: false },
  { name: 'OFFER', type: 2, isReply: true },
  { name: 'REQUEST', type: 3, isReply: false },
  { name: 'ACK', type: 5, isReply: true },
] as const;
const [SERVER_PORT, CLIENT_PORT] = [67, 68];
const [NOBODY, EVERYBODY] = ['0.0.0.0', '255.255.255.255'];
const EMPTY = new Uint8Array();

/** A lease of an address: RFC 2131, by udhcpc of busybox and dnsmasq(8). */
export const dhcp = defineProbe({
  kind: 'dhcp',
  title: 'DHCP lease',
  doc: `udhcpc at \`from\` asks for an address, and a dnsmasq that runs at \`to\` while the probe does leases it one of the subnet of \`to\`: DISCOVER, OFFER, REQUEST and ACK
are looked for at every hop. The lease is taken by nobody: no address is set. The server answers to the address that it leases, unless the client wants a broadcast; a device
that takes packets by their address, as an ipvlan does, hears only the latter. The client is known by an identifier of its own, or by its MAC, which ipvlans of one device share:
then the server takes them for one. The image of guests has the client, and no server.`,
  schema: z.strictObject({
    probe: z.literal('dhcp'),
    broadcast: z.boolean().default(false).describe('Ask the server to answer by broadcast'),
    client_id: z
      .enum(['own', 'mac'])
      .default('own')
      .describe('What the client is known by: an identifier of its own, derived, or its MAC'),
  }),
  filter: 'udp port 67 or udp port 68',
  programs: ['busybox', 'dnsmasq'],
  prepare(check, ends, { lab, model, stacks }) {
    const from = singleEnd(ends, 'from', 'An address is leased for');
    const to = singleEnd(ends, 'to', 'A server listens on');
    if (!('hop' in from)) return [from];
    if (!('hop' in to)) return [to];
    const own = to.addresses.find(({ family }) => family === 4);
    const range = own && leaseRange(own);
    if (!own || !range)
      return [
        {
          code: 'topology/no-common-subnet',
          path: ['to'],
          what: `${to.hop.label} has no IPv4 address with a subnet of which it could lease any.`,
          fix: 'give it one under `addresses`',
        },
      ];
    const server = stacks.get(to.stack.id);
    if (!server) throw new RangeError(`${to.stack.id} has no IP stack`);
    const id =
      check.client_id === 'mac'
        ? `01${from.mac.replaceAll(':', '')}`
        : `00${hash('sha256', [lab.name, from.hop.id].join(' ')).slice(0, 12)}`;
    const talk = remembering(model);
    const legs: Leg[] = [];
    let heard: Passing | undefined;
    let asked: Way | undefined;
    for (const { name, type, isReply } of MESSAGES) {
      const [sender, receiver] = isReply ? [to, from] : [from, to];
      const isToAll = !isReply || check.broadcast;
      const head = {
        ...({ family: 4, dontFragment: false } as const),
        ...{ src: isReply ? own.ip : NOBODY, dst: isToAll ? EVERYBODY : range.first },
      };
      const [srcPort, dstPort] = isReply ? [SERVER_PORT, CLIENT_PORT] : [CLIENT_PORT, SERVER_PORT];
      const frame = udpFrame(
        head,
        { src: sender.mac, dst: isToAll ? BROADCAST : receiver.mac },
        { srcPort, dstPort, payload: EMPTY },
      );
      const way = wayOf(talk, sender, receiver, frame);
      if (!('prediction' in way)) return [way];
      learn(talk, way);
      const last = heard;
      // The client writes to its device itself, past the filters of its stack (packet(7)).
      const sights = () =>
        isReply
          ? [
              ...(last ? inwards(server.hop, last) : []),
              ...outwards(server.hop, { frame, device: to.hop }),
            ]
          : [];
      const end = way.frames.at(-1) ?? frame;
      const lost = isReply && asked ? untaken(talk, asked, to.hop) : undefined;
      legs.push({
        ...sentBy(server, frame, way, lost ? refused(lost) : filteredBy({ model: talk }, sights)),
        ...{ name, class: 'dhcp', from: sender.hop, to: receiver.hop, frame, sights },
        matches({ udp, src, dst }) {
          const said = udp?.dstPort === dstPort ? decodeDhcp(udp.payload) : undefined;
          return (
            said?.type === type &&
            src === sender.mac &&
            dst === frame.dst &&
            said.client === from.mac &&
            // dnsmasq does not say it back, whatever RFC 6842 demands.
            (isReply || said.clientId === id)
          );
        },
      });
      if (certainDrop(legs.at(-1)?.prediction ?? way.prediction)) break;
      heard = { frame: end, device: receiver.hop };
      asked = way;
    }
    return {
      ...{ kind: 'dhcp', check, from, to, courses: [legs] },
      variant: [
        check.broadcast ? 'answered by broadcast' : 'answered by unicast',
        ...(check.client_id === 'mac' ? ['known by its MAC'] : []),
      ].join(', '),
      send: {
        stack: from.stack,
        // It tells `true` what it has, which does nothing about it.
        argv: [
          ...['busybox', 'udhcpc', '-f', '-q', '-n', '-t', '1', '-T', '1', '-s', 'true'],
          ...['-i', from.device, '-x', `0x3d:${id}`, ...(check.broadcast ? ['-B'] : [])],
        ],
        timeout: 20_000,
      },
      server: {
        stack: to.stack,
        argv: [
          ...['dnsmasq', '--no-daemon', '--conf-file=/dev/null', '--port=0', '--leasefile-ro'],
          ...['--no-ping', '--dhcp-authoritative', `--interface=${to.device}`, '--bind-interfaces'],
          `--dhcp-range=${range.first},${range.last},${range.mask},2m`,
        ],
        table: 'udp',
        port: SERVER_PORT,
        device: to.device,
      },
      // Clients with one MAC hear each other's answers.
      uses: [`dhcp ${from.mac}`, `dhcp ${to.hop.id}`],
    };
  },
});
