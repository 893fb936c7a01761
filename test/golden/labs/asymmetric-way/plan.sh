#!/bin/sh
# asymmetric-way: Replies that go another way than the requests are well, until a router with strict rp_filter looks at the reverse path
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "ven82kvy2c8a",
  "vefw3ivtbn9c",
  "ve47svcvr6kc",
}
define lab_all = {
  $lab,
  "br8euk7qp4ew",
}
table arp patchlab.asymmetric-way {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.asymmetric-way {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.asymmetric-way {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of a
# network namespace of r1
# network namespace of r2
# network namespace of loose
# network namespace of strict
# network namespace of b
# network namespace of c
ip -batch - <<'EOF'
netns add asymmetric-way.a
netns add asymmetric-way.r1
netns add asymmetric-way.r2
netns add asymmetric-way.loose
netns add asymmetric-way.strict
netns add asymmetric-way.b
netns add asymmetric-way.c
EOF

# ---- devices ----

# a:eth1: its veth on the host
# mark a:eth1 veth as the lab's
# bring a:eth1 veth up
# give a:eth1 veth a name that people can read
# r1:eth1: its veth on the host
# mark r1:eth1 veth as the lab's
# bring r1:eth1 veth up
# give r1:eth1 veth a name that people can read
# r2:eth1: its veth on the host
# mark r2:eth1 veth as the lab's
# bring r2:eth1 veth up
# give r2:eth1 veth a name that people can read
# r1:eth2-loose:eth1: patch cable
# r2:eth2-loose:eth2: patch cable
# r1:eth3-strict:eth1: patch cable
# r2:eth3-strict:eth2: patch cable
# loose:eth3-b:eth1: patch cable
# strict:eth3-c:eth1: patch cable
ip -batch - <<'EOF'
link add name ven82kvy2c8a address 02:10:9d:a5:8a:53 type veth peer name eth1 netns asymmetric-way.a address 02:3e:ca:0c:35:77
link set dev ven82kvy2c8a alias patchlab:asymmetric-way addrgenmode none
link set dev ven82kvy2c8a up
link property add dev ven82kvy2c8a altname asymmetric-way.a.eth1.veth
link add name vefw3ivtbn9c address 02:07:24:92:73:f5 type veth peer name eth1 netns asymmetric-way.r1 address 02:7a:b9:37:ea:49
link set dev vefw3ivtbn9c alias patchlab:asymmetric-way addrgenmode none
link set dev vefw3ivtbn9c up
link property add dev vefw3ivtbn9c altname asymmetric-way.r1.eth1.veth
link add name ve47svcvr6kc address 02:39:fe:a4:8f:21 type veth peer name eth1 netns asymmetric-way.r2 address 02:6d:f0:56:c5:aa
link set dev ve47svcvr6kc alias patchlab:asymmetric-way addrgenmode none
link set dev ve47svcvr6kc up
link property add dev ve47svcvr6kc altname asymmetric-way.r2.eth1.veth
link add name eth2 netns asymmetric-way.r1 address 02:9a:a0:6a:9f:bf type veth peer name eth1 netns asymmetric-way.loose address 02:47:aa:f4:79:94
link add name eth2 netns asymmetric-way.r2 address 02:6a:e5:5c:d5:29 type veth peer name eth2 netns asymmetric-way.loose address 02:02:fa:72:d6:cb
link add name eth3 netns asymmetric-way.r1 address 02:cb:3a:cb:4b:b1 type veth peer name eth1 netns asymmetric-way.strict address 02:5d:8a:17:b2:f6
link add name eth3 netns asymmetric-way.r2 address 02:c4:26:27:d1:03 type veth peer name eth2 netns asymmetric-way.strict address 02:b0:8a:bb:f5:8f
link add name eth3 netns asymmetric-way.loose address 02:b0:ff:f1:6c:c2 type veth peer name eth1 netns asymmetric-way.b address 02:ab:52:60:bf:5b
link add name eth3 netns asymmetric-way.strict address 02:d9:56:42:04:66 type veth peer name eth1 netns asymmetric-way.c address 02:a8:72:06:e6:81
EOF

# ---- switches ----

# lan: Linux bridge
# mark lan bridge as the lab's
# bring lan bridge up
# plug ven82kvy2c8a into the bridge
# plug vefw3ivtbn9c into the bridge
# plug ve47svcvr6kc into the bridge
ip -batch - <<'EOF'
link add name br8euk7qp4ew address 02:3a:bd:de:07:00 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev br8euk7qp4ew alias patchlab:asymmetric-way addrgenmode none
link set dev br8euk7qp4ew up
link set dev ven82kvy2c8a master br8euk7qp4ew
link set dev vefw3ivtbn9c master br8euk7qp4ew
link set dev ve47svcvr6kc master br8euk7qp4ew
EOF

# ---- inside ----

# mark a as the lab's
# address 10.0.1.1/24 of a:eth1
# bring up a:lo
# bring up a:eth1
# route of a: default via 10.0.1.251 dev eth1
ip -n asymmetric-way.a -batch - <<'EOF'
link set dev lo alias patchlab:asymmetric-way
addr add 10.0.1.1/24 dev eth1
link set dev lo up
link set dev eth1 up
route add default via 10.0.1.251 dev eth1
EOF

# mark r1 as the lab's
ip -n asymmetric-way.r1 link set dev lo alias patchlab:asymmetric-way

# mark r2 as the lab's
ip -n asymmetric-way.r2 link set dev lo alias patchlab:asymmetric-way

# mark loose as the lab's
ip -n asymmetric-way.loose link set dev lo alias patchlab:asymmetric-way

# mark strict as the lab's
ip -n asymmetric-way.strict link set dev lo alias patchlab:asymmetric-way

# mark b as the lab's
# address 10.0.3.1/24 of b:eth1
# bring up b:lo
# bring up b:eth1
# route of b: default via 10.0.3.254 dev eth1
ip -n asymmetric-way.b -batch - <<'EOF'
link set dev lo alias patchlab:asymmetric-way
addr add 10.0.3.1/24 dev eth1
link set dev lo up
link set dev eth1 up
route add default via 10.0.3.254 dev eth1
EOF

# mark c as the lab's
# address 10.0.4.1/24 of c:eth1
# bring up c:lo
# bring up c:eth1
# route of c: default via 10.0.4.254 dev eth1
ip -n asymmetric-way.c -batch - <<'EOF'
link set dev lo alias patchlab:asymmetric-way
addr add 10.0.4.1/24 dev eth1
link set dev lo up
link set dev eth1 up
route add default via 10.0.4.254 dev eth1
EOF

# net.ipv4.ip_forward of r1
ip netns exec asymmetric-way.r1 sysctl -q -w net.ipv4.ip_forward=1

# net.ipv4.ip_forward of r2
ip netns exec asymmetric-way.r2 sysctl -q -w net.ipv4.ip_forward=1

# net.ipv4.ip_forward of loose
# net.ipv4.conf.all.rp_filter of loose
ip netns exec asymmetric-way.loose sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=2

# net.ipv4.ip_forward of strict
# net.ipv4.conf.all.rp_filter of strict
ip netns exec asymmetric-way.strict sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=1

# address 10.0.1.251/24 of r1:eth1
# address 10.0.31.1/24 of r1:eth2
# address 10.0.41.1/24 of r1:eth3
# bring up r1:lo
# bring up r1:eth1
# bring up r1:eth2
# bring up r1:eth3
# route of r1: 10.0.3.0/24 via 10.0.31.2 dev eth2
# route of r1: 10.0.4.0/24 via 10.0.41.2 dev eth3
ip -n asymmetric-way.r1 -batch - <<'EOF'
addr add 10.0.1.251/24 dev eth1
addr add 10.0.31.1/24 dev eth2
addr add 10.0.41.1/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
route add 10.0.3.0/24 via 10.0.31.2 dev eth2
route add 10.0.4.0/24 via 10.0.41.2 dev eth3
EOF

# address 10.0.1.252/24 of r2:eth1
# address 10.0.32.1/24 of r2:eth2
# address 10.0.42.1/24 of r2:eth3
# bring up r2:lo
# bring up r2:eth1
# bring up r2:eth2
# bring up r2:eth3
ip -n asymmetric-way.r2 -batch - <<'EOF'
addr add 10.0.1.252/24 dev eth1
addr add 10.0.32.1/24 dev eth2
addr add 10.0.42.1/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
EOF

# address 10.0.31.2/24 of loose:eth1
# address 10.0.32.2/24 of loose:eth2
# address 10.0.3.254/24 of loose:eth3
# bring up loose:lo
# bring up loose:eth1
# bring up loose:eth2
# bring up loose:eth3
# route of loose: 10.0.1.0/24 via 10.0.32.1 dev eth2
ip -n asymmetric-way.loose -batch - <<'EOF'
addr add 10.0.31.2/24 dev eth1
addr add 10.0.32.2/24 dev eth2
addr add 10.0.3.254/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
route add 10.0.1.0/24 via 10.0.32.1 dev eth2
EOF

# address 10.0.41.2/24 of strict:eth1
# address 10.0.42.2/24 of strict:eth2
# address 10.0.4.254/24 of strict:eth3
# bring up strict:lo
# bring up strict:eth1
# bring up strict:eth2
# bring up strict:eth3
# route of strict: 10.0.1.0/24 via 10.0.42.1 dev eth2
ip -n asymmetric-way.strict -batch - <<'EOF'
addr add 10.0.41.2/24 dev eth1
addr add 10.0.42.2/24 dev eth2
addr add 10.0.4.254/24 dev eth3
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
route add 10.0.1.0/24 via 10.0.42.1 dev eth2
EOF
