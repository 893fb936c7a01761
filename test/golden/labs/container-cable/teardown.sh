#!/bin/sh
# container-cable: removes what plan.sh made, last things first, and keeps going on errors.

# undo: beside: Linux bridge
ip link del dev brdmp6ugj85w

# undo: right:eth2: its veth on the host
# undo: left:eth2: its veth on the host
ip -force -batch - <<'EOF'
link del dev ve4whmckwzxn
link del dev veifzggmzpcf
EOF

# undo: network namespace of container right
# undo: network namespace of container left
ip -force -batch - <<'EOF'
netns del container-cable.right
netns del container-cable.left
EOF

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.container-cable; delete table arp patchlab.container-cable; add table inet patchlab.container-cable; delete table inet patchlab.container-cable; add table bridge patchlab.container-cable; delete table bridge patchlab.container-cable
EOF

# undo: run container right (busybox) by docker
docker rm --force --volumes container-cable.right

# undo: run container left (busybox) by docker
docker rm --force --volumes container-cable.left
