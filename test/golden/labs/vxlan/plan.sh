#!/bin/sh
# vxlan: VXLAN finds the other end by one address, by a group or by static entries, and its MTU leaves room for 50 octets
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "ve6s7x34gd7f",
  "ve9rn8tv32qp",
  "vepf37ve7dhe",
}
define lab_all = {
  $lab,
  "br7f8d94x7w2",
}
table arp patchlab.vxlan {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.vxlan {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.vxlan {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of a
# network namespace of b
# network namespace of c
# network namespace of r
ip -batch - <<'EOF'
netns add vxlan.a
netns add vxlan.b
netns add vxlan.c
netns add vxlan.r
EOF

# ---- devices ----

# a:eth1: its veth on the host
# mark a:eth1 veth as the lab's
# bring a:eth1 veth up
# give a:eth1 veth a name that people can read
# b:eth1: its veth on the host
# mark b:eth1 veth as the lab's
# bring b:eth1 veth up
# give b:eth1 veth a name that people can read
# r:eth1: its veth on the host
# mark r:eth1 veth as the lab's
# bring r:eth1 veth up
# give r:eth1 veth a name that people can read
# r:eth2-c:eth1: patch cable
ip -batch - <<'EOF'
link add name ve6s7x34gd7f address 02:11:0b:5a:b6:d2 type veth peer name eth1 netns vxlan.a address 02:59:ed:2d:87:70
link set dev ve6s7x34gd7f alias patchlab:vxlan addrgenmode none
link set dev ve6s7x34gd7f up
link property add dev ve6s7x34gd7f altname vxlan.a.eth1.veth
link add name ve9rn8tv32qp address 02:32:56:7d:08:7d type veth peer name eth1 netns vxlan.b address 02:6a:01:cc:fe:ee
link set dev ve9rn8tv32qp alias patchlab:vxlan addrgenmode none
link set dev ve9rn8tv32qp up
link property add dev ve9rn8tv32qp altname vxlan.b.eth1.veth
link add name vepf37ve7dhe address 02:bd:1d:98:0f:bc type veth peer name eth1 netns vxlan.r address 02:4f:c5:f2:6b:29
link set dev vepf37ve7dhe alias patchlab:vxlan addrgenmode none
link set dev vepf37ve7dhe up
link property add dev vepf37ve7dhe altname vxlan.r.eth1.veth
link add name eth2 netns vxlan.r address 02:5a:fd:ab:21:0c type veth peer name eth1 netns vxlan.c address 02:6b:ae:8d:e2:ac
EOF

# ---- switches ----

# near: Linux bridge
# mark near bridge as the lab's
# bring near bridge up
# plug ve6s7x34gd7f into the bridge
# plug ve9rn8tv32qp into the bridge
# plug vepf37ve7dhe into the bridge
ip -batch - <<'EOF'
link add name br7f8d94x7w2 address 02:f2:a2:a2:bf:3d type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev br7f8d94x7w2 alias patchlab:vxlan addrgenmode none
link set dev br7f8d94x7w2 up
link set dev ve6s7x34gd7f master br7f8d94x7w2
link set dev ve9rn8tv32qp master br7f8d94x7w2
link set dev vepf37ve7dhe master br7f8d94x7w2
EOF

# ---- inside ----

# mark a as the lab's
# uni: VXLAN 1 to 10.0.0.2
# mc: VXLAN 2 to 239.1.1.1
# st: VXLAN 3
ip -n vxlan.a -batch - <<'EOF'
link set dev lo alias patchlab:vxlan
link add name uni address 02:17:0e:da:e5:b6 mtu 1450 type vxlan id 1 dstport 4789 remote 10.0.0.2
link add name mc address 02:20:af:04:9b:21 mtu 1450 type vxlan id 2 dstport 4789 group 239.1.1.1 dev eth1
link add name st address 02:24:36:95:16:d0 mtu 1450 type vxlan id 3 dstport 4789
EOF

# mark b as the lab's
# uni: VXLAN 1 to 10.0.0.1
# mc: VXLAN 2 to 239.1.1.1
# st: VXLAN 3
ip -n vxlan.b -batch - <<'EOF'
link set dev lo alias patchlab:vxlan
link add name uni address 02:d2:b3:99:5c:a3 mtu 1450 type vxlan id 1 dstport 4789 remote 10.0.0.1
link add name mc address 02:6b:41:60:da:a6 mtu 1450 type vxlan id 2 dstport 4789 group 239.1.1.1 dev eth1
link add name st address 02:88:ba:12:ab:0a mtu 1450 type vxlan id 3 dstport 4789
EOF

# mark c as the lab's
# mc: VXLAN 2 to 239.1.1.1
# st: VXLAN 3
# address 10.0.1.3/24 of c:eth1
# address 10.2.0.3/24 of c:mc
# address 10.3.0.3/24 of c:st
# bring up c:lo
# bring up c:eth1
# bring up c:mc
# bring up c:st
# route of c: default via 10.0.1.9 dev eth1
ip -n vxlan.c -batch - <<'EOF'
link set dev lo alias patchlab:vxlan
link add name mc address 02:5e:b1:e4:3b:48 mtu 1450 type vxlan id 2 dstport 4789 group 239.1.1.1 dev eth1
link add name st address 02:78:db:ab:95:15 mtu 1450 type vxlan id 3 dstport 4789
addr add 10.0.1.3/24 dev eth1
addr add 10.2.0.3/24 dev mc
addr add 10.3.0.3/24 dev st
link set dev lo up
link set dev eth1 up
link set dev mc up
link set dev st up
route add default via 10.0.1.9 dev eth1
EOF

# mark r as the lab's
ip -n vxlan.r link set dev lo alias patchlab:vxlan

# st: what no other entry is for is at 10.0.0.2
ip netns exec vxlan.a bridge fdb append 00:00:00:00:00:00 dev st dst 10.0.0.2

# st: what no other entry is for is at 10.0.0.1
ip netns exec vxlan.b bridge fdb append 00:00:00:00:00:00 dev st dst 10.0.0.1

# net.ipv4.ip_forward of r
ip netns exec vxlan.r sysctl -q -w net.ipv4.ip_forward=1

# st: what no other entry is for is at 10.0.1.3
ip netns exec vxlan.a bridge fdb append 00:00:00:00:00:00 dev st dst 10.0.1.3

# address 10.0.0.2/24 of b:eth1
# address 10.1.0.2/24 of b:uni
# address 10.2.0.2/24 of b:mc
# address 10.3.0.2/24 of b:st
# bring up b:lo
# bring up b:eth1
# bring up b:uni
# bring up b:mc
# bring up b:st
# route of b: default via 10.0.0.9 dev eth1
ip -n vxlan.b -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
addr add 10.1.0.2/24 dev uni
addr add 10.2.0.2/24 dev mc
addr add 10.3.0.2/24 dev st
link set dev lo up
link set dev eth1 up
link set dev uni up
link set dev mc up
link set dev st up
route add default via 10.0.0.9 dev eth1
EOF

# address 10.0.0.9/24 of r:eth1
# address 10.0.1.9/24 of r:eth2
# bring up r:lo
# bring up r:eth1
# bring up r:eth2
ip -n vxlan.r -batch - <<'EOF'
addr add 10.0.0.9/24 dev eth1
addr add 10.0.1.9/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# address 10.0.0.1/24 of a:eth1
# address 10.1.0.1/24 of a:uni
# address 10.2.0.1/24 of a:mc
# address 10.3.0.1/24 of a:st
# bring up a:lo
# bring up a:eth1
# bring up a:uni
# bring up a:mc
# bring up a:st
# route of a: default via 10.0.0.9 dev eth1
ip -n vxlan.a -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
addr add 10.1.0.1/24 dev uni
addr add 10.2.0.1/24 dev mc
addr add 10.3.0.1/24 dev st
link set dev lo up
link set dev eth1 up
link set dev uni up
link set dev mc up
link set dev st up
route add default via 10.0.0.9 dev eth1
EOF
