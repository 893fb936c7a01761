#!/bin/sh
# ipvlan-dhcp: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot host (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy ipvlan-dhcp.host

# undo: host:eth1-server:eth1: Linux bridge
ip link del dev brkcvkh7ap9b

# undo: server:eth1: its veth on the host
# undo: host:eth1: its tap on the host
ip -force -batch - <<'EOF'
link del dev vep8vs7cyz6r
link del dev tai9tgdcrxe9
EOF

# undo: let the console log of host begin anew, and go with the lab
# undo: let the qemu log of host begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/ipvlan-dhcp.host.console.log /var/log/libvirt/qemu/ipvlan-dhcp.host.log

# undo: network namespace of server
ip netns del ipvlan-dhcp.server

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.ipvlan-dhcp; delete table arp patchlab.ipvlan-dhcp; add table inet patchlab.ipvlan-dhcp; delete table inet patchlab.ipvlan-dhcp; add table bridge patchlab.ipvlan-dhcp; delete table bridge patchlab.ipvlan-dhcp
EOF
