#!/bin/sh
# bridge-eats-lldp: removes what plan.sh made, last things first, and keeps going on errors.

# undo: masked: Linux bridge
# undo: plain: Linux bridge
ip -force -batch - <<'EOF'
link del dev brszgnac8wgm
link del dev br3ejnsvku83
EOF

# undo: b:eth2: its veth on the host
# undo: a:eth2: its veth on the host
# undo: b:eth1: its veth on the host
# undo: a:eth1: its veth on the host
ip -force -batch - <<'EOF'
link del dev verh4yud8jqy
link del dev vecgmx5s5ezs
link del dev veq2i6aj3af8
link del dev vebjfmf8gwaa
EOF

# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del bridge-eats-lldp.b
netns del bridge-eats-lldp.a
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.bridge-eats-lldp; delete table arp patchlab.bridge-eats-lldp; add table inet patchlab.bridge-eats-lldp; delete table inet patchlab.bridge-eats-lldp; add table bridge patchlab.bridge-eats-lldp; delete table bridge patchlab.bridge-eats-lldp
EOF
