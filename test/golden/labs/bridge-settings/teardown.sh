#!/bin/sh
# bridge-settings: removes what plan.sh made, last things first, and keeps going on errors.

# undo: oneway: Linux bridge
# undo: private: Linux bridge
ip -force -batch - <<'EOF'
link del dev bra8wh645zzy
link del dev br9bw3w2bqfa
EOF

# undo: b:eth2: its veth on the host
# undo: a:eth2: its veth on the host
# undo: c:eth1: its veth on the host
# undo: b:eth1: its veth on the host
# undo: a:eth1: its veth on the host
ip -force -batch - <<'EOF'
link del dev vejyhatnde66
link del dev ve9bww6iawqw
link del dev vehkz5mecky9
link del dev vendq4jzyciy
link del dev vesmeimswtp9
EOF

# undo: network namespace of c
# undo: network namespace of b
# undo: network namespace of a
ip -force -batch - <<'EOF'
netns del bridge-settings.c
netns del bridge-settings.b
netns del bridge-settings.a
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.bridge-settings; delete table arp patchlab.bridge-settings; add table inet patchlab.bridge-settings; delete table inet patchlab.bridge-settings; add table bridge patchlab.bridge-settings; delete table bridge patchlab.bridge-settings
EOF
