#!/bin/sh
# asymmetric-way: removes what plan.sh made, last things first, and keeps going on errors.

# undo: lan: Linux bridge
ip link del dev br8euk7qp4ew

# undo: r2:eth1: its veth on the host
# undo: r1:eth1: its veth on the host
# undo: a:eth1: its veth on the host
ip -force -batch - <<'EOF'
link del dev ve47svcvr6kc
link del dev vefw3ivtbn9c
link del dev ven82kvy2c8a
EOF

# undo: network namespace of c
# undo: network namespace of b
# undo: network namespace of strict
# undo: network namespace of loose
# undo: network namespace of r2
# undo: network namespace of r1
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del asymmetric-way.c
netns del asymmetric-way.b
netns del asymmetric-way.strict
netns del asymmetric-way.loose
netns del asymmetric-way.r2
netns del asymmetric-way.r1
netns del asymmetric-way.a
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.asymmetric-way; delete table arp patchlab.asymmetric-way; add table inet patchlab.asymmetric-way; delete table inet patchlab.asymmetric-way; add table bridge patchlab.asymmetric-way; delete table bridge patchlab.asymmetric-way
EOF
