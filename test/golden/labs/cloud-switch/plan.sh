#!/bin/sh
# cloud-switch: A second leg on a switch that lets only listed MACs in; IPv4 works on the MAC of a VRRP router, and IPv6 wants the other one
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of server
# network namespace of server/container
# network namespace of other
# network namespace of switch
# network namespace of gateway
# network namespace of internet
ip -batch - <<'EOF'
netns add cloud-switch.server
netns add cloud-switch.server.container
netns add cloud-switch.other
netns add cloud-switch.switch
netns add cloud-switch.gateway
netns add cloud-switch.internet
EOF

# ---- devices ----

# server:eth0-switch:p1: patch cable
# other:eth0-switch:p2: patch cable
# gateway:eth1-switch:uplink: patch cable
# gateway:eth2-internet:eth1: patch cable
# gateway:eth3-internet:eth2: patch cable
ip -batch - <<'EOF'
link add name eth0 netns cloud-switch.server address 9c:a3:ba:32:1e:3a type veth peer name p1 netns cloud-switch.switch address 02:5f:e6:bc:48:63
link add name eth0 netns cloud-switch.other address 02:2a:c0:49:5e:61 type veth peer name p2 netns cloud-switch.switch address 02:f4:45:c9:49:76
link add name eth1 netns cloud-switch.gateway address 02:18:f4:80:d4:50 type veth peer name uplink netns cloud-switch.switch address 02:9e:5c:14:ca:dc
link add name eth2 netns cloud-switch.gateway address 02:af:46:39:7c:5f type veth peer name eth1 netns cloud-switch.internet address 02:13:9f:c1:c9:d4
link add name eth3 netns cloud-switch.gateway address 02:8b:0a:fe:ae:9e type veth peer name eth2 netns cloud-switch.internet address 02:f0:b0:d9:bd:54
EOF

# ---- inside ----

# mark server as the lab's
ip -n cloud-switch.server link set dev lo alias patchlab:cloud-switch

# mark other as the lab's
# vmac0: macvlan on eth0
# address 192.0.2.87/28 of other:vmac0
# bring up other:vmac0
# address 2001:db8:0:c::87/64 of other:vmac0
# bring up other:lo
# bring up other:eth0
ip -n cloud-switch.other -batch - <<'EOF'
link set dev lo alias patchlab:cloud-switch
link add link eth0 name vmac0 address 00:00:5e:00:01:03 type macvlan mode private
addr add 192.0.2.87/28 dev vmac0
link set dev vmac0 up
addr add 2001:db8:0:c::87/64 dev vmac0 nodad
link set dev lo up
link set dev eth0 up
EOF

# mark switch as the lab's
# bridge br0
# plug p1 into br0
# plug p2 into br0
# plug uplink into br0
ip -n cloud-switch.switch -batch - <<'EOF'
link set dev lo alias patchlab:cloud-switch
link add name br0 address 02:40:50:30:ab:7e type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev p1 master br0
link set dev p2 master br0
link set dev uplink master br0
EOF

# mark gateway as the lab's
ip -n cloud-switch.gateway link set dev lo alias patchlab:cloud-switch

# mark internet as the lab's
# address 198.51.100.9/24 of internet:eth1
# address 100.64.0.9/24 of internet:eth2
# bring up internet:lo
# bring up internet:eth1
# bring up internet:eth2
# route of internet: default via 198.51.100.254 dev eth1
ip -n cloud-switch.internet -batch - <<'EOF'
link set dev lo alias patchlab:cloud-switch
addr add 198.51.100.9/24 dev eth1
addr add 100.64.0.9/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
route add default via 198.51.100.254 dev eth1
EOF

# mark server/container as the lab's
ip -n cloud-switch.server.container link set dev lo alias patchlab:cloud-switch

# packet filter of switch
ip netns exec cloud-switch.switch nft -f - <<'EOF'
table bridge ports {
  chain in {
    type filter hook prerouting priority filter; policy accept;
    iifname "p1" ether saddr 9c:a3:ba:32:1e:3a accept
    iifname "p1" ether type { arp, ip } ether saddr { 00:00:5e:00:01:01, 00:00:5e:00:01:02, 00:00:5e:00:01:03, 00:00:5e:00:01:04 } accept
    iifname "p1" ether type ip6 ether saddr { 00:00:5e:00:02:01, 00:00:5e:00:02:02, 00:00:5e:00:02:03, 00:00:5e:00:02:04 } accept
    iifname "p2" ether saddr { 00:00:5e:00:01:01, 00:00:5e:00:01:02, 00:00:5e:00:01:03, 00:00:5e:00:01:04 } accept
    iifname { "p1", "p2" } drop
  }
}
EOF

# net.ipv4.ip_forward of gateway
ip netns exec cloud-switch.gateway sysctl -q -w net.ipv4.ip_forward=1

# vmac0: macvlan on eth0
# vmac6: macvlan on eth0
# container:vmac1: macvlan on eth0
ip -n cloud-switch.server -batch - <<'EOF'
link add link eth0 name vmac0 address 00:00:5e:00:01:01 type macvlan mode private
link add link eth0 name vmac6 address 00:00:5e:00:02:01 type macvlan mode private
link add link eth0 name vmac1 netns cloud-switch.server.container address 00:00:5e:00:01:02 type macvlan mode private
EOF

# bring up switch:lo
# bring up switch:p1
# bring up switch:p2
# bring up switch:uplink
# bring up switch:br0
ip -n cloud-switch.switch -batch - <<'EOF'
link set dev lo up
link set dev p1 up
link set dev p2 up
link set dev uplink up
link set dev br0 up
EOF

# address 192.0.2.81/28 of gateway:eth1
# bring up gateway:eth1
# address 2001:db8:0:c::1/64 of gateway:eth1
# address 198.51.100.254/24 of gateway:eth2
# address 100.64.0.254/24 of gateway:eth3
# bring up gateway:lo
# bring up gateway:eth2
# bring up gateway:eth3
ip -n cloud-switch.gateway -batch - <<'EOF'
addr add 192.0.2.81/28 dev eth1
link set dev eth1 up
addr add 2001:db8:0:c::1/64 dev eth1 nodad
addr add 198.51.100.254/24 dev eth2
addr add 100.64.0.254/24 dev eth3
link set dev lo up
link set dev eth2 up
link set dev eth3 up
EOF

# net.ipv4.conf.all.arp_ignore of server
# net.ipv4.conf.all.rp_filter of server
ip netns exec cloud-switch.server sysctl -q -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.rp_filter=0

# address 192.0.2.84/28 of server:eth0
# bring up server:eth0
# address 2001:db8:0:c::84/64 of server:eth0
# address 192.0.2.85/28 of server:vmac0
# bring up server:vmac0
# address 2001:db8:0:c::85/64 of server:vmac0
# bring up server:vmac6
# address 2001:db8:0:c::86/64 of server:vmac6
# bring up server:lo
# route of server: default via 192.0.2.81 dev eth0 src 192.0.2.84
# route of server: 0.0.0.0/1 via 192.0.2.81 dev vmac0 src 192.0.2.85
ip -n cloud-switch.server -batch - <<'EOF'
addr add 192.0.2.84/28 dev eth0
link set dev eth0 up
addr add 2001:db8:0:c::84/64 dev eth0 nodad
addr add 192.0.2.85/28 dev vmac0
link set dev vmac0 up
addr add 2001:db8:0:c::85/64 dev vmac0 nodad
link set dev vmac6 up
addr add 2001:db8:0:c::86/64 dev vmac6 nodad
link set dev lo up
route add default via 192.0.2.81 dev eth0 src 192.0.2.84
route add 0.0.0.0/1 via 192.0.2.81 dev vmac0 src 192.0.2.85
EOF

# address 192.0.2.86/28 of server/container:vmac1
# bring up server/container:lo
# bring up server/container:vmac1
ip -n cloud-switch.server.container -batch - <<'EOF'
addr add 192.0.2.86/28 dev vmac1
link set dev lo up
link set dev vmac1 up
EOF
