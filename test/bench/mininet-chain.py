"""Start and stop a chain of Mininet hosts. Prints the seconds of both as JSON.

The host needs the Debian package `mininet`; there are no switches and no controller.
"""

import json
import signal
import sys
import time

from mininet.net import Mininet


def leave(_signal, _frame):
    raise KeyboardInterrupt


def main(nodes):
    signal.signal(signal.SIGTERM, leave)
    begin = time.perf_counter()
    net = Mininet(topo=None, build=False, controller=None)
    try:
        hosts = [net.addHost(f"h{index}", ip=None) for index in range(nodes)]
        for index, (left, right) in enumerate(zip(hosts, hosts[1:])):
            subnet = f"10.{index >> 8}.{index & 255}"
            net.addLink(
                left, right, params1={"ip": f"{subnet}.1/24"}, params2={"ip": f"{subnet}.2/24"}
            )
        net.build()
        net.start()
        started = time.perf_counter()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stopping = time.perf_counter()
        net.stop()
    print(json.dumps({"start": started - begin, "stop": time.perf_counter() - stopping}))


main(int(sys.argv[1]))
