"""Makes the device nodes of macvtaps in /dev, as udev does: the kernel says of each which number it has."""

import os
import socket
import stat

NETLINK_KOBJECT_UEVENT = 15

events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_KOBJECT_UEVENT)
events.setsockopt(socket.SOL_SOCKET, 33, 1 << 24)  # SO_RCVBUFFORCE
events.bind((0, 1))
print("listening", flush=True)

while True:
    try:
        message = events.recv(1 << 16)
    except OSError:  # ENOBUFS: some were lost.
        continue
    facts = dict(part.split("=", 1) for part in message.decode(errors="replace").split("\0") if "=" in part)
    if facts.get("SUBSYSTEM") != "macvtap":
        continue
    node = "/dev/" + facts["DEVNAME"]
    try:
        os.unlink(node)
    except FileNotFoundError:
        pass
    if facts["ACTION"] == "add":
        number = os.makedev(int(facts["MAJOR"]), int(facts["MINOR"]))
        os.mknod(node, stat.S_IFCHR | 0o600, number)
