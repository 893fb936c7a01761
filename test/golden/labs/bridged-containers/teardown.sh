#!/bin/sh
# bridged-containers: removes what plan.sh made, last things first, and keeps going on errors.

# undo: access: Linux bridge
# undo: service: Linux bridge
ip -force -batch - <<'EOF'
link del dev brq3cf3m49ex
link del dev brypau8t6z28
EOF

# undo: host:eth1: its veth on the host
# undo: mysql:em0: its veth on the host
# undo: host:eth0: its veth on the host
# undo: gw:svc: its veth on the host
ip -force -batch - <<'EOF'
link del dev veuvaqm96tfm
link del dev veee6k7nvuvs
link del dev veem2jiacc9t
link del dev veqkduxkazib
EOF

# undo: network namespace of mysql
# undo: network namespace of user
# undo: network namespace of gw
# undo: network namespace of host
# undo: network namespace of container shop
# undo: network namespace of container blog
ip -force -batch - <<'EOF'
netns del bridged-containers.mysql
netns del bridged-containers.user
netns del bridged-containers.gw
netns del bridged-containers.host
netns del bridged-containers.shop
netns del bridged-containers.blog
EOF

# undo: run container shop (busybox) by docker
docker rm --force --volumes bridged-containers.shop

# undo: run container blog (busybox) by docker
docker rm --force --volumes bridged-containers.blog

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.bridged-containers; delete table arp patchlab.bridged-containers; add table inet patchlab.bridged-containers; delete table inet patchlab.bridged-containers; add table bridge patchlab.bridged-containers; delete table bridge patchlab.bridged-containers
EOF
