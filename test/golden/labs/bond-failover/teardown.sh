#!/bin/sh
# bond-failover: removes what plan.sh made, last things first, and keeps going on errors.

# undo: boot server (guest mini, 256MiB, tcg)
virsh -c qemu:///system destroy bond-failover.server

# undo: rack:eth2: its veth on the host
# undo: server:eth2: its tap on the host
# undo: rack:eth1: its veth on the host
# undo: server:eth1: its tap on the host
ip -force -batch - <<'EOF'
link del dev vey2qe8edk4d
link del dev taaa9spgwqc9
link del dev veh79jgaybvq
link del dev tag3epp3e237
EOF

# undo: let the console log of server begin anew, and go with the lab
# undo: let the qemu log of server begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/bond-failover.server.console.log /var/log/libvirt/qemu/bond-failover.server.log

# undo: network namespace of rack
ip netns del bond-failover.rack

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.bond-failover; delete table arp patchlab.bond-failover; add table inet patchlab.bond-failover; delete table inet patchlab.bond-failover; add table bridge patchlab.bond-failover; delete table bridge patchlab.bond-failover
EOF
