"""Forwards frames between hosts by the shortest way over the links that are discovered.

Whom it knows it sends to alone, by flows. What is for all, or for somebody whom it does not know, goes to each port that leads to
no other switch, and to other switches by a tree of the discovered links, so that it goes round nowhere. A link that discovery does
not see is taken for a host: frames cross it, but it counts for no way and no tree, and a ring of such links is a loop. One that it has
seen and sees no more is used no more.
"""

import time
from collections import deque

from os_ken.base import app_manager
from os_ken.controller import ofp_event
from os_ken.controller.handler import CONFIG_DISPATCHER, MAIN_DISPATCHER, set_ev_cls
from os_ken.lib.packet import ether_types, ethernet, packet
from os_ken.ofproto import ofproto_v1_3
from os_ken.topology import event as topology
from os_ken.topology.api import get_link, get_switch

# Marks its own flows, which are removed when links come and go.
COOKIE = 0x7061746368
IDLE = 30
# Seconds for which a port floods nothing: it may turn out to lead to another switch.
QUIET = 3


class Switch(app_manager.OSKenApp):
    OFP_VERSIONS = [ofproto_v1_3.OFP_VERSION]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.hosts = {}  # MAC -> (switch, port)
        self.inner = set()  # ports that lead to other switches
        self.since = {}  # when a port was first seen

    @set_ev_cls(ofp_event.EventOFPSwitchFeatures, CONFIG_DISPATCHER)
    def connected(self, event):
        datapath = event.msg.datapath
        parser, protocol = datapath.ofproto_parser, datapath.ofproto
        ask = parser.OFPActionOutput(protocol.OFPP_CONTROLLER, protocol.OFPCML_NO_BUFFER)
        self.add_flow(datapath, 0, parser.OFPMatch(), [ask], cookie=0)

    @set_ev_cls([topology.EventSwitchEnter, topology.EventPortAdd])
    def port_seen(self, event):
        now = time.monotonic()
        ports = event.switch.ports if hasattr(event, "switch") else [event.port]
        for port in ports:
            self.since[(port.dpid, port.port_no)] = now

    @set_ev_cls([topology.EventLinkAdd, topology.EventLinkDelete])
    def links_changed(self, event):
        link = event.link
        if isinstance(event, topology.EventLinkAdd):
            for port in (link.src, link.dst):
                self.inner.add((port.dpid, port.port_no))
            self.hosts = {mac: at for mac, at in self.hosts.items() if at not in self.inner}
        for switch in get_switch(self):
            datapath = switch.dp
            parser, protocol = datapath.ofproto_parser, datapath.ofproto
            datapath.send_msg(
                parser.OFPFlowMod(
                    datapath,
                    cookie=COOKIE,
                    cookie_mask=0xFFFFFFFFFFFFFFFF,
                    command=protocol.OFPFC_DELETE,
                    out_port=protocol.OFPP_ANY,
                    out_group=protocol.OFPG_ANY,
                    match=parser.OFPMatch(),
                )
            )

    @set_ev_cls(ofp_event.EventOFPPacketIn, MAIN_DISPATCHER)
    def packet_in(self, event):
        message = event.msg
        datapath = message.datapath
        parser, protocol = datapath.ofproto_parser, datapath.ofproto
        frame = packet.Packet(message.data).get_protocol(ethernet.ethernet)
        # Discovery looks at LLDP; what is for the next bridge alone goes no further.
        if frame is None or frame.ethertype == ether_types.ETH_TYPE_LLDP:
            return
        if frame.dst.startswith("01:80:c2:00:00:0"):
            return
        here = (datapath.id, message.match["in_port"])
        ways = self.ways()
        if here not in self.inner:
            self.hosts[frame.src] = here
        out = self.port_towards(frame.dst, datapath.id, ways)
        # What is for all comes by the tree alone; the shortest way may be another.
        if out is None and here in self.inner and here not in self.tree_ports(ways):
            return
        if out is not None:
            match = parser.OFPMatch(in_port=here[1], eth_src=frame.src, eth_dst=frame.dst)
            self.add_flow(datapath, 1, match, [parser.OFPActionOutput(out)], idle=IDLE)
        ports = [out] if out is not None else self.flood_ports(here, ways)
        actions = [parser.OFPActionOutput(port) for port in ports if port != here[1]]
        if actions:
            datapath.send_msg(
                parser.OFPPacketOut(
                    datapath=datapath,
                    buffer_id=protocol.OFP_NO_BUFFER,
                    in_port=here[1],
                    actions=actions,
                    data=message.data,
                )
            )

    def add_flow(self, datapath, priority, match, actions, idle=0, cookie=COOKIE):
        parser, protocol = datapath.ofproto_parser, datapath.ofproto
        apply = parser.OFPInstructionActions(protocol.OFPIT_APPLY_ACTIONS, actions)
        datapath.send_msg(
            parser.OFPFlowMod(
                datapath=datapath,
                priority=priority,
                match=match,
                instructions=[apply],
                idle_timeout=idle,
                cookie=cookie,
            )
        )

    def ways(self):
        """Of each switch, its neighbours with the ports at both ends; a link counts both ways if one is seen."""
        ways = {}
        for link in get_link(self):
            for a, b in ((link.src, link.dst), (link.dst, link.src)):
                ways.setdefault(a.dpid, {}).setdefault(b.dpid, set()).add((a.port_no, b.port_no))
        # Of parallel links one, the same from both ends.
        return {
            a: {
                b: min(ports, key=lambda pair: pair if a < b else pair[::-1])
                for b, ports in others.items()
            }
            for a, others in ways.items()
        }

    @staticmethod
    def from_switch(begin, ways):
        """Of each switch that can be reached, the one before it on the shortest way from there."""
        before = {begin: None}
        queue = deque([begin])
        while queue:
            at = queue.popleft()
            for other in sorted(ways.get(at, {})):
                if other not in before:
                    before[other] = at
                    queue.append(other)
        return before

    def port_towards(self, mac, dpid, ways):
        at = self.hosts.get(mac)
        if at is None:
            return None
        if at[0] == dpid:
            return at[1]
        # The way from there, backwards.
        before = self.from_switch(at[0], ways).get(dpid)
        return None if before is None else ways[dpid][before][0]

    def tree_ports(self, ways):
        ports, seen = set(), set()
        for root in sorted(ways):
            if root in seen:
                continue
            for at, before in self.from_switch(root, ways).items():
                seen.add(at)
                if before is not None:
                    ports.add((at, ways[at][before][0]))
                    ports.add((before, ways[before][at][0]))
        return ports

    def flood_ports(self, here, ways):
        now = time.monotonic()
        tree = self.tree_ports(ways)
        found = []
        for switch in get_switch(self, here[0]):
            for port in switch.ports:
                key = (port.dpid, port.port_no)
                first = self.since.setdefault(key, now)
                if port.is_reserved() or not port.is_live():
                    continue
                if key in tree or (key not in self.inner and now - first >= QUIET):
                    found.append(port.port_no)
        return sorted(found)
