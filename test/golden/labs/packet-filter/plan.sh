#!/bin/sh
# packet-filter: A router's packet filter lets echoes and neighbour discovery through and drops the rest
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of a
# network namespace of fw
# network namespace of b
ip -batch - <<'EOF'
netns add packet-filter.a
netns add packet-filter.fw
netns add packet-filter.b
EOF

# ---- devices ----

# a:eth1-fw:eth1: patch cable
# fw:eth2-b:eth1: patch cable
ip -batch - <<'EOF'
link add name eth1 netns packet-filter.a address 02:5f:e5:93:72:c8 type veth peer name eth1 netns packet-filter.fw address 02:cf:58:35:b2:88
link add name eth2 netns packet-filter.fw address 02:c1:23:f9:94:63 type veth peer name eth1 netns packet-filter.b address 02:20:c4:7a:ba:14
EOF

# ---- inside ----

# mark a as the lab's
# address 10.1.0.2/24 of a:eth1
# bring up a:eth1
# address fd00:1::2/64 of a:eth1
# bring up a:lo
# route of a: default via 10.1.0.1 dev eth1
# route of a: default via fd00:1::1 dev eth1
ip -n packet-filter.a -batch - <<'EOF'
link set dev lo alias patchlab:packet-filter
addr add 10.1.0.2/24 dev eth1
link set dev eth1 up
addr add fd00:1::2/64 dev eth1 nodad
link set dev lo up
route add default via 10.1.0.1 dev eth1
route add default via fd00:1::1 dev eth1
EOF

# mark fw as the lab's
ip -n packet-filter.fw link set dev lo alias patchlab:packet-filter

# mark b as the lab's
# address 10.2.0.2/24 of b:eth1
# bring up b:eth1
# address fd00:2::2/64 of b:eth1
# bring up b:lo
# route of b: default via 10.2.0.1 dev eth1
# route of b: default via fd00:2::1 dev eth1
ip -n packet-filter.b -batch - <<'EOF'
link set dev lo alias patchlab:packet-filter
addr add 10.2.0.2/24 dev eth1
link set dev eth1 up
addr add fd00:2::2/64 dev eth1 nodad
link set dev lo up
route add default via 10.2.0.1 dev eth1
route add default via fd00:2::1 dev eth1
EOF

# net.ipv4.ip_forward of fw
# net.ipv6.conf.all.forwarding of fw
ip netns exec packet-filter.fw sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1

# packet filter of fw
ip netns exec packet-filter.fw nft -f - <<'EOF'
table inet filter {
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state invalid drop
    iifname "eth1" icmp type echo-request accept
    iifname "eth1" icmpv6 type echo-request accept
    iifname "eth2" icmp type echo-reply accept
    iifname "eth2" icmpv6 type echo-reply accept
  }
}
EOF

# address 10.1.0.1/24 of fw:eth1
# bring up fw:eth1
# address fd00:1::1/64 of fw:eth1
# address 10.2.0.1/24 of fw:eth2
# bring up fw:eth2
# address fd00:2::1/64 of fw:eth2
# bring up fw:lo
ip -n packet-filter.fw -batch - <<'EOF'
addr add 10.1.0.1/24 dev eth1
link set dev eth1 up
addr add fd00:1::1/64 dev eth1 nodad
addr add 10.2.0.1/24 dev eth2
link set dev eth2 up
addr add fd00:2::1/64 dev eth2 nodad
link set dev lo up
EOF
