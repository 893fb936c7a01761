#!/bin/sh
# three-routers: Three routers in a row forward what lives long enough and fits; what does not dies at the router that says so
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of a
# network namespace of r1
# network namespace of r2
# network namespace of r3
# network namespace of b
ip -batch - <<'EOF'
netns add three-routers.a
netns add three-routers.r1
netns add three-routers.r2
netns add three-routers.r3
netns add three-routers.b
EOF

# ---- devices ----

# a:eth1-r1:eth1: patch cable
# r1:eth2-r2:eth1: patch cable
# r2:eth2-r3:eth1: patch cable
# r3:eth2-b:eth1: patch cable
ip -batch - <<'EOF'
link add name eth1 netns three-routers.a address 02:e2:e0:51:20:0e type veth peer name eth1 netns three-routers.r1 address 02:9a:e0:24:e5:ed
link add name eth2 netns three-routers.r1 address 02:c0:f6:36:b3:37 type veth peer name eth1 netns three-routers.r2 address 02:8f:14:dc:df:ee
link add name eth2 netns three-routers.r2 address 02:2f:12:26:13:6c mtu 1400 type veth peer name eth1 netns three-routers.r3 address 02:a2:e3:2a:08:6c mtu 1400
link add name eth2 netns three-routers.r3 address 02:a1:ff:be:34:d0 type veth peer name eth1 netns three-routers.b address 02:69:b7:01:14:6b
EOF

# ---- inside ----

# mark a as the lab's
# address 10.0.1.1/24 of a:eth1
# bring up a:eth1
# address fd00:1::1/64 of a:eth1
# bring up a:lo
# route of a: default via 10.0.1.254 dev eth1
# route of a: default via fd00:1::fe dev eth1
ip -n three-routers.a -batch - <<'EOF'
link set dev lo alias patchlab:three-routers
addr add 10.0.1.1/24 dev eth1
link set dev eth1 up
addr add fd00:1::1/64 dev eth1 nodad
link set dev lo up
route add default via 10.0.1.254 dev eth1
route add default via fd00:1::fe dev eth1
EOF

# mark r1 as the lab's
ip -n three-routers.r1 link set dev lo alias patchlab:three-routers

# mark r2 as the lab's
ip -n three-routers.r2 link set dev lo alias patchlab:three-routers

# mark r3 as the lab's
ip -n three-routers.r3 link set dev lo alias patchlab:three-routers

# mark b as the lab's
# address 10.0.2.1/24 of b:eth1
# bring up b:eth1
# address fd00:2::1/64 of b:eth1
# bring up b:lo
# route of b: default via 10.0.2.254 dev eth1
# route of b: default via fd00:2::fe dev eth1
ip -n three-routers.b -batch - <<'EOF'
link set dev lo alias patchlab:three-routers
addr add 10.0.2.1/24 dev eth1
link set dev eth1 up
addr add fd00:2::1/64 dev eth1 nodad
link set dev lo up
route add default via 10.0.2.254 dev eth1
route add default via fd00:2::fe dev eth1
EOF

# net.ipv4.ip_forward of r1
# net.ipv6.conf.all.forwarding of r1
ip netns exec three-routers.r1 sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1

# net.ipv4.ip_forward of r2
# net.ipv6.conf.all.forwarding of r2
ip netns exec three-routers.r2 sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1

# net.ipv4.ip_forward of r3
# net.ipv6.conf.all.forwarding of r3
ip netns exec three-routers.r3 sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1

# address 10.0.1.254/24 of r1:eth1
# bring up r1:eth1
# address fd00:1::fe/64 of r1:eth1
# address 10.0.12.1/24 of r1:eth2
# bring up r1:eth2
# address fd00:12::1/64 of r1:eth2
# bring up r1:lo
# route of r1: default via 10.0.12.2 dev eth2
# route of r1: default via fd00:12::2 dev eth2
ip -n three-routers.r1 -batch - <<'EOF'
addr add 10.0.1.254/24 dev eth1
link set dev eth1 up
addr add fd00:1::fe/64 dev eth1 nodad
addr add 10.0.12.1/24 dev eth2
link set dev eth2 up
addr add fd00:12::1/64 dev eth2 nodad
link set dev lo up
route add default via 10.0.12.2 dev eth2
route add default via fd00:12::2 dev eth2
EOF

# address 10.0.12.2/24 of r2:eth1
# bring up r2:eth1
# address fd00:12::2/64 of r2:eth1
# address 10.0.23.2/24 of r2:eth2
# bring up r2:eth2
# address fd00:23::2/64 of r2:eth2
# bring up r2:lo
# route of r2: 10.0.1.0/24 via 10.0.12.1 dev eth1
# route of r2: 10.0.2.0/24 via 10.0.23.3 dev eth2
# route of r2: fd00:1::/64 via fd00:12::1 dev eth1
# route of r2: fd00:2::/64 via fd00:23::3 dev eth2
ip -n three-routers.r2 -batch - <<'EOF'
addr add 10.0.12.2/24 dev eth1
link set dev eth1 up
addr add fd00:12::2/64 dev eth1 nodad
addr add 10.0.23.2/24 dev eth2
link set dev eth2 up
addr add fd00:23::2/64 dev eth2 nodad
link set dev lo up
route add 10.0.1.0/24 via 10.0.12.1 dev eth1
route add 10.0.2.0/24 via 10.0.23.3 dev eth2
route add fd00:1::/64 via fd00:12::1 dev eth1
route add fd00:2::/64 via fd00:23::3 dev eth2
EOF

# address 10.0.23.3/24 of r3:eth1
# bring up r3:eth1
# address fd00:23::3/64 of r3:eth1
# address 10.0.2.254/24 of r3:eth2
# bring up r3:eth2
# address fd00:2::fe/64 of r3:eth2
# bring up r3:lo
# route of r3: default via 10.0.23.2 dev eth1
# route of r3: default via fd00:23::2 dev eth1
ip -n three-routers.r3 -batch - <<'EOF'
addr add 10.0.23.3/24 dev eth1
link set dev eth1 up
addr add fd00:23::3/64 dev eth1 nodad
addr add 10.0.2.254/24 dev eth2
link set dev eth2 up
addr add fd00:2::fe/64 dev eth2 nodad
link set dev lo up
route add default via 10.0.23.2 dev eth1
route add default via fd00:23::2 dev eth1
EOF
