#!/bin/sh
# ports: A router lets some ports through, and a closed port is no lost packet
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of client
# network namespace of r
# network namespace of server
ip -batch - <<'EOF'
netns add ports.client
netns add ports.r
netns add ports.server
EOF

# ---- devices ----

# client:eth1-r:eth1: patch cable
# r:eth2-server:eth1: patch cable
ip -batch - <<'EOF'
link add name eth1 netns ports.client address 02:0c:eb:27:d5:79 type veth peer name eth1 netns ports.r address 02:a6:63:fb:10:aa
link add name eth2 netns ports.r address 02:2c:57:f6:9e:a0 type veth peer name eth1 netns ports.server address 02:01:17:35:6b:64
EOF

# ---- inside ----

# mark client as the lab's
# address 10.1.0.2/24 of client:eth1
# bring up client:eth1
# address fd00:1::2/64 of client:eth1
# bring up client:lo
# route of client: default via 10.1.0.1 dev eth1
ip -n ports.client -batch - <<'EOF'
link set dev lo alias patchlab:ports
addr add 10.1.0.2/24 dev eth1
link set dev eth1 up
addr add fd00:1::2/64 dev eth1 nodad
link set dev lo up
route add default via 10.1.0.1 dev eth1
EOF

# mark r as the lab's
ip -n ports.r link set dev lo alias patchlab:ports

# mark server as the lab's
# address 10.2.0.2/24 of server:eth1
# bring up server:lo
# bring up server:eth1
# route of server: default via 10.2.0.1 dev eth1
ip -n ports.server -batch - <<'EOF'
link set dev lo alias patchlab:ports
addr add 10.2.0.2/24 dev eth1
link set dev lo up
link set dev eth1 up
route add default via 10.2.0.1 dev eth1
EOF

# net.ipv4.ip_forward of r
ip netns exec ports.r sysctl -q -w net.ipv4.ip_forward=1

# packet filter of r
ip netns exec ports.r nft -f - <<'EOF'
table inet filter {
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    tcp dport { 80, 81 } ct state new accept
    udp dport 53 accept
  }
  chain input {
    type filter hook input priority filter;
    udp dport 69 drop
  }
}
EOF

# address 10.1.0.1/24 of r:eth1
# bring up r:eth1
# address fd00:1::1/64 of r:eth1
# address 10.2.0.1/24 of r:eth2
# bring up r:lo
# bring up r:eth2
ip -n ports.r -batch - <<'EOF'
addr add 10.1.0.1/24 dev eth1
link set dev eth1 up
addr add fd00:1::1/64 dev eth1 nodad
addr add 10.2.0.1/24 dev eth2
link set dev lo up
link set dev eth2 up
EOF
