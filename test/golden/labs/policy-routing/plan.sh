#!/bin/sh
# policy-routing: Two uplinks, and answers that leave by the one whose address they have; without such rules one rp_filter or another drops them
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "vep2zb5q2i8z",
  "vednuqkjf5ug",
  "ve9vc2ndyb9z",
  "vehwvnwhvadv",
  "veha86kqiu4x",
  "ve4bafw978vi",
  "vemkwaunfvx2",
  "ve3t28sug8ji",
}
define lab_all = {
  $lab,
  "br689tpzbcdx",
  "brzbk95aydaj",
}
table arp patchlab.policy-routing {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.policy-routing {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.policy-routing {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# network namespace of client
# network namespace of net
# network namespace of isp1
# network namespace of isp2
# network namespace of rules
# network namespace of strict
# network namespace of loose
# network namespace of hidden
ip -batch - <<'EOF'
netns add policy-routing.client
netns add policy-routing.net
netns add policy-routing.isp1
netns add policy-routing.isp2
netns add policy-routing.rules
netns add policy-routing.strict
netns add policy-routing.loose
netns add policy-routing.hidden
EOF

# ---- devices ----

# client:eth1-net:eth1: patch cable
# net:eth2-isp1:eth1: patch cable
# net:eth3-isp2:eth1: patch cable
# isp1:eth2: its veth on the host
# mark isp1:eth2 veth as the lab's
# bring isp1:eth2 veth up
# give isp1:eth2 veth a name that people can read
# rules:eth1: its veth on the host
# mark rules:eth1 veth as the lab's
# bring rules:eth1 veth up
# give rules:eth1 veth a name that people can read
# strict:eth1: its veth on the host
# mark strict:eth1 veth as the lab's
# bring strict:eth1 veth up
# give strict:eth1 veth a name that people can read
# loose:eth1: its veth on the host
# mark loose:eth1 veth as the lab's
# bring loose:eth1 veth up
# give loose:eth1 veth a name that people can read
# isp2:eth2: its veth on the host
# mark isp2:eth2 veth as the lab's
# bring isp2:eth2 veth up
# give isp2:eth2 veth a name that people can read
# rules:eth2: its veth on the host
# mark rules:eth2 veth as the lab's
# bring rules:eth2 veth up
# give rules:eth2 veth a name that people can read
# strict:eth2: its veth on the host
# mark strict:eth2 veth as the lab's
# bring strict:eth2 veth up
# give strict:eth2 veth a name that people can read
# loose:eth2: its veth on the host
# mark loose:eth2 veth as the lab's
# bring loose:eth2 veth up
# give loose:eth2 veth a name that people can read
# isp2:eth3-hidden:eth1: patch cable
ip -batch - <<'EOF'
link add name eth1 netns policy-routing.client address 02:96:ab:8b:b4:fb type veth peer name eth1 netns policy-routing.net address 02:70:c6:f2:bf:cf
link add name eth2 netns policy-routing.net address 02:2d:9c:8c:39:96 type veth peer name eth1 netns policy-routing.isp1 address 02:fd:11:77:5a:dd
link add name eth3 netns policy-routing.net address 02:b1:ec:02:58:41 type veth peer name eth1 netns policy-routing.isp2 address 02:6e:90:ce:1a:0e
link add name vep2zb5q2i8z address 02:be:3e:0a:e7:02 type veth peer name eth2 netns policy-routing.isp1 address 02:1c:ee:17:5d:7e
link set dev vep2zb5q2i8z alias patchlab:policy-routing addrgenmode none
link set dev vep2zb5q2i8z up
link property add dev vep2zb5q2i8z altname policy-routing.isp1.eth2.veth
link add name vednuqkjf5ug address 02:da:c7:eb:95:4e type veth peer name eth1 netns policy-routing.rules address 02:40:98:d8:d3:2a
link set dev vednuqkjf5ug alias patchlab:policy-routing addrgenmode none
link set dev vednuqkjf5ug up
link property add dev vednuqkjf5ug altname policy-routing.rules.eth1.veth
link add name ve9vc2ndyb9z address 02:cd:57:8d:f1:1a type veth peer name eth1 netns policy-routing.strict address 02:bc:30:6a:72:ca
link set dev ve9vc2ndyb9z alias patchlab:policy-routing addrgenmode none
link set dev ve9vc2ndyb9z up
link property add dev ve9vc2ndyb9z altname policy-routing.strict.eth1.veth
link add name vehwvnwhvadv address 02:3d:95:c8:6e:3e type veth peer name eth1 netns policy-routing.loose address 02:10:6f:db:65:ad
link set dev vehwvnwhvadv alias patchlab:policy-routing addrgenmode none
link set dev vehwvnwhvadv up
link property add dev vehwvnwhvadv altname policy-routing.loose.eth1.veth
link add name veha86kqiu4x address 02:23:6d:6c:5e:3c type veth peer name eth2 netns policy-routing.isp2 address 02:9e:aa:82:68:b8
link set dev veha86kqiu4x alias patchlab:policy-routing addrgenmode none
link set dev veha86kqiu4x up
link property add dev veha86kqiu4x altname policy-routing.isp2.eth2.veth
link add name ve4bafw978vi address 02:a9:ce:2b:35:d2 type veth peer name eth2 netns policy-routing.rules address 02:6c:ea:4d:cd:37
link set dev ve4bafw978vi alias patchlab:policy-routing addrgenmode none
link set dev ve4bafw978vi up
link property add dev ve4bafw978vi altname policy-routing.rules.eth2.veth
link add name vemkwaunfvx2 address 02:ed:f4:41:c9:8f type veth peer name eth2 netns policy-routing.strict address 02:ec:2f:ca:4a:fa
link set dev vemkwaunfvx2 alias patchlab:policy-routing addrgenmode none
link set dev vemkwaunfvx2 up
link property add dev vemkwaunfvx2 altname policy-routing.strict.eth2.veth
link add name ve3t28sug8ji address 02:30:cd:b3:9c:82 type veth peer name eth2 netns policy-routing.loose address 02:77:24:15:c0:22
link set dev ve3t28sug8ji alias patchlab:policy-routing addrgenmode none
link set dev ve3t28sug8ji up
link property add dev ve3t28sug8ji altname policy-routing.loose.eth2.veth
link add name eth3 netns policy-routing.isp2 address 02:d7:50:50:73:dd type veth peer name eth1 netns policy-routing.hidden address 02:c6:a3:e0:0c:65
EOF

# ---- switches ----

# first: Linux bridge
# mark first bridge as the lab's
# bring first bridge up
# plug vep2zb5q2i8z into the bridge
# plug vednuqkjf5ug into the bridge
# plug ve9vc2ndyb9z into the bridge
# plug vehwvnwhvadv into the bridge
# second: Linux bridge
# mark second bridge as the lab's
# bring second bridge up
# plug veha86kqiu4x into the bridge
# plug ve4bafw978vi into the bridge
# plug vemkwaunfvx2 into the bridge
# plug ve3t28sug8ji into the bridge
ip -batch - <<'EOF'
link add name br689tpzbcdx address 02:b7:2b:16:21:f6 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev br689tpzbcdx alias patchlab:policy-routing addrgenmode none
link set dev br689tpzbcdx up
link set dev vep2zb5q2i8z master br689tpzbcdx
link set dev vednuqkjf5ug master br689tpzbcdx
link set dev ve9vc2ndyb9z master br689tpzbcdx
link set dev vehwvnwhvadv master br689tpzbcdx
link add name brzbk95aydaj address 02:73:1a:b8:88:47 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brzbk95aydaj alias patchlab:policy-routing addrgenmode none
link set dev brzbk95aydaj up
link set dev veha86kqiu4x master brzbk95aydaj
link set dev ve4bafw978vi master brzbk95aydaj
link set dev vemkwaunfvx2 master brzbk95aydaj
link set dev ve3t28sug8ji master brzbk95aydaj
EOF

# ---- inside ----

# mark client as the lab's
# address 10.0.9.1/24 of client:eth1
# bring up client:eth1
# address fd00:9::1/64 of client:eth1
# bring up client:lo
# route of client: default via 10.0.9.254 dev eth1
# route of client: default via fd00:9::fe dev eth1
ip -n policy-routing.client -batch - <<'EOF'
link set dev lo alias patchlab:policy-routing
addr add 10.0.9.1/24 dev eth1
link set dev eth1 up
addr add fd00:9::1/64 dev eth1 nodad
link set dev lo up
route add default via 10.0.9.254 dev eth1
route add default via fd00:9::fe dev eth1
EOF

# mark net as the lab's
ip -n policy-routing.net link set dev lo alias patchlab:policy-routing

# mark isp1 as the lab's
ip -n policy-routing.isp1 link set dev lo alias patchlab:policy-routing

# mark isp2 as the lab's
ip -n policy-routing.isp2 link set dev lo alias patchlab:policy-routing

# mark rules as the lab's
ip -n policy-routing.rules link set dev lo alias patchlab:policy-routing

# mark strict as the lab's
ip -n policy-routing.strict link set dev lo alias patchlab:policy-routing

# mark loose as the lab's
ip -n policy-routing.loose link set dev lo alias patchlab:policy-routing

# mark hidden as the lab's
# address 10.0.3.1/24 of hidden:eth1
# bring up hidden:lo
# bring up hidden:eth1
ip -n policy-routing.hidden -batch - <<'EOF'
link set dev lo alias patchlab:policy-routing
addr add 10.0.3.1/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# net.ipv4.ip_forward of net
# net.ipv6.conf.all.forwarding of net
ip netns exec policy-routing.net sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1

# net.ipv4.ip_forward of isp1
# net.ipv6.conf.all.forwarding of isp1
# net.ipv4.conf.all.rp_filter of isp1
ip netns exec policy-routing.isp1 sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.conf.all.rp_filter=1

# net.ipv4.ip_forward of isp2
# net.ipv6.conf.all.forwarding of isp2
ip netns exec policy-routing.isp2 sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1

# net.ipv4.conf.all.rp_filter of rules
ip netns exec policy-routing.rules sysctl -q -w net.ipv4.conf.all.rp_filter=1

# net.ipv4.conf.all.rp_filter of strict
ip netns exec policy-routing.strict sysctl -q -w net.ipv4.conf.all.rp_filter=1

# net.ipv4.conf.all.rp_filter of loose
ip netns exec policy-routing.loose sysctl -q -w net.ipv4.conf.all.rp_filter=2

# address 10.0.9.254/24 of net:eth1
# bring up net:eth1
# address fd00:9::fe/64 of net:eth1
# address 10.0.11.254/24 of net:eth2
# bring up net:eth2
# address fd00:11::fe/64 of net:eth2
# address 10.0.12.254/24 of net:eth3
# bring up net:eth3
# address fd00:12::fe/64 of net:eth3
# bring up net:lo
# route of net: 10.0.1.0/24 via 10.0.11.1 dev eth2
# route of net: 10.0.2.0/24 via 10.0.12.1 dev eth3
# route of net: unreachable default
# route of net: fd00:1::/64 via fd00:11::1 dev eth2
# route of net: fd00:2::/64 via fd00:12::1 dev eth3
ip -n policy-routing.net -batch - <<'EOF'
addr add 10.0.9.254/24 dev eth1
link set dev eth1 up
addr add fd00:9::fe/64 dev eth1 nodad
addr add 10.0.11.254/24 dev eth2
link set dev eth2 up
addr add fd00:11::fe/64 dev eth2 nodad
addr add 10.0.12.254/24 dev eth3
link set dev eth3 up
addr add fd00:12::fe/64 dev eth3 nodad
link set dev lo up
route add 10.0.1.0/24 via 10.0.11.1 dev eth2
route add 10.0.2.0/24 via 10.0.12.1 dev eth3
route add unreachable default
route add fd00:1::/64 via fd00:11::1 dev eth2
route add fd00:2::/64 via fd00:12::1 dev eth3
EOF

# address 10.0.11.1/24 of isp1:eth1
# bring up isp1:eth1
# address fd00:11::1/64 of isp1:eth1
# address 10.0.1.254/24 of isp1:eth2
# bring up isp1:eth2
# address fd00:1::fe/64 of isp1:eth2
# bring up isp1:lo
# route of isp1: default via 10.0.11.254 dev eth1
# route of isp1: default via fd00:11::fe dev eth1
ip -n policy-routing.isp1 -batch - <<'EOF'
addr add 10.0.11.1/24 dev eth1
link set dev eth1 up
addr add fd00:11::1/64 dev eth1 nodad
addr add 10.0.1.254/24 dev eth2
link set dev eth2 up
addr add fd00:1::fe/64 dev eth2 nodad
link set dev lo up
route add default via 10.0.11.254 dev eth1
route add default via fd00:11::fe dev eth1
EOF

# address 10.0.12.1/24 of isp2:eth1
# bring up isp2:eth1
# address fd00:12::1/64 of isp2:eth1
# address 10.0.2.254/24 of isp2:eth2
# bring up isp2:eth2
# address fd00:2::fe/64 of isp2:eth2
# address 10.0.3.254/24 of isp2:eth3
# bring up isp2:lo
# bring up isp2:eth3
# route of isp2: default via 10.0.12.254 dev eth1
# route of isp2: default via fd00:12::fe dev eth1
ip -n policy-routing.isp2 -batch - <<'EOF'
addr add 10.0.12.1/24 dev eth1
link set dev eth1 up
addr add fd00:12::1/64 dev eth1 nodad
addr add 10.0.2.254/24 dev eth2
link set dev eth2 up
addr add fd00:2::fe/64 dev eth2 nodad
addr add 10.0.3.254/24 dev eth3
link set dev lo up
link set dev eth3 up
route add default via 10.0.12.254 dev eth1
route add default via fd00:12::fe dev eth1
EOF

# address 10.0.1.1/24 of rules:eth1
# bring up rules:eth1
# address fd00:1::1/64 of rules:eth1
# address 10.0.2.1/24 of rules:eth2
# bring up rules:eth2
# address fd00:2::1/64 of rules:eth2
# bring up rules:lo
# route of rules: default via 10.0.1.254 dev eth1
# route of rules: default via 10.0.2.254 dev eth2 metric 100
# route of rules: default via 10.0.2.254 dev eth2 table 2
# route of rules: default via fd00:1::fe dev eth1
# route of rules: default via fd00:2::fe dev eth2 table 2
# rule of rules: from 10.0.2.1/32 priority 32765 table 2
ip -n policy-routing.rules -batch - <<'EOF'
addr add 10.0.1.1/24 dev eth1
link set dev eth1 up
addr add fd00:1::1/64 dev eth1 nodad
addr add 10.0.2.1/24 dev eth2
link set dev eth2 up
addr add fd00:2::1/64 dev eth2 nodad
link set dev lo up
route add default via 10.0.1.254 dev eth1
route add default via 10.0.2.254 dev eth2 metric 100
route add default via 10.0.2.254 dev eth2 table 2
route add default via fd00:1::fe dev eth1
route add default via fd00:2::fe dev eth2 table 2
rule add from 10.0.2.1/32 priority 32765 table 2
EOF

# address 10.0.1.2/24 of strict:eth1
# address 10.0.2.2/24 of strict:eth2
# bring up strict:lo
# bring up strict:eth1
# bring up strict:eth2
# route of strict: default via 10.0.1.254 dev eth1
# route of strict: default via 10.0.2.254 dev eth2 metric 100
ip -n policy-routing.strict -batch - <<'EOF'
addr add 10.0.1.2/24 dev eth1
addr add 10.0.2.2/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
route add default via 10.0.1.254 dev eth1
route add default via 10.0.2.254 dev eth2 metric 100
EOF

# address 10.0.1.3/24 of loose:eth1
# address 10.0.2.3/24 of loose:eth2
# bring up loose:lo
# bring up loose:eth1
# bring up loose:eth2
# route of loose: default via 10.0.1.254 dev eth1
# route of loose: default via 10.0.2.254 dev eth2 metric 100
ip -n policy-routing.loose -batch - <<'EOF'
addr add 10.0.1.3/24 dev eth1
addr add 10.0.2.3/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
route add default via 10.0.1.254 dev eth1
route add default via 10.0.2.254 dev eth2 metric 100
EOF

# rule of rules: from fd00:2::1/128 priority 32765 table 2
ip -n policy-routing.rules -6 rule add from fd00:2::1/128 priority 32765 table 2
