"""Writes down which links are discovered, for `probe: discovery`.

os_ken.topology.switches lets each switch send an LLDP frame by each of its ports, about once a second. Where one comes in, there
is a link, from the port that the frame names to the port where it came in. The file has each direction by itself.
"""

import json
import os
import time

from os_ken.base import app_manager
from os_ken.controller import ofp_event
from os_ken.controller.handler import DEAD_DISPATCHER, MAIN_DISPATCHER, set_ev_cls
from os_ken.lib import hub
from os_ken.topology.switches import LLDPPacket

# Seconds after which a link is gone by which nothing came.
FORGET = 6
PERIOD = 0.5


class Links(app_manager.OSKenApp):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.file = os.environ["PATCHLAB_REPORT"]
        self.switches = {}
        self.heard = {}
        self.write()
        hub.spawn(self.keep_writing)

    @set_ev_cls(ofp_event.EventOFPStateChange, [MAIN_DISPATCHER, DEAD_DISPATCHER])
    def state_changed(self, event):
        datapath = event.datapath
        if event.state == MAIN_DISPATCHER:
            self.switches[datapath.id] = datapath
        elif self.switches.get(datapath.id) is datapath:
            del self.switches[datapath.id]

    @set_ev_cls(ofp_event.EventOFPPacketIn, MAIN_DISPATCHER)
    def packet_in(self, event):
        message = event.msg
        try:
            source = LLDPPacket.lldp_parse(message.data)
        except LLDPPacket.LLDPUnknownFormat:
            return
        here = (message.datapath.id, message.match["in_port"])
        # os_ken.topology takes what a switch hears of itself for no link.
        if source[0] != here[0]:
            self.heard[(source, here)] = time.monotonic()

    def keep_writing(self):
        while True:
            hub.sleep(PERIOD)
            self.write()

    def write(self):
        now = time.monotonic()
        limit = now - FORGET
        self.heard = {
            link: at
            for link, at in self.heard.items()
            if at > limit and link[0][0] in self.switches and link[1][0] in self.switches
        }
        end = lambda port: {"dpid": f"{port[0]:016x}", "port": port[1]}
        report = {
            "switches": [f"{dpid:016x}" for dpid in sorted(self.switches)],
            "links": [
                {"from": end(a), "to": end(b), "age": round(now - at, 3)}
                for (a, b), at in sorted(self.heard.items())
            ],
        }
        new = f"{self.file}.new"
        with open(new, "w", encoding="ascii") as file:
            json.dump(report, file)
        # Whoever reads it reads all of it.
        os.replace(new, self.file)
