#!/bin/sh
# vxlan: removes what plan.sh made, last things first, and keeps going on errors.

# undo: near: Linux bridge
ip link del dev br7f8d94x7w2

# undo: r:eth1: its veth on the host
# undo: b:eth1: its veth on the host
# undo: a:eth1: its veth on the host
ip -force -batch - <<'EOF'
link del dev vepf37ve7dhe
link del dev ve9rn8tv32qp
link del dev ve6s7x34gd7f
EOF

# undo: network namespace of r
# undo: network namespace of c
# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del vxlan.r
netns del vxlan.c
netns del vxlan.b
netns del vxlan.a
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.vxlan; delete table arp patchlab.vxlan; add table inet patchlab.vxlan; delete table inet patchlab.vxlan; add table bridge patchlab.vxlan; delete table bridge patchlab.vxlan
EOF
