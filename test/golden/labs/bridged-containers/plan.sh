#!/bin/sh
# bridged-containers: Containers straight on the segments of their host, each with addresses and a port 80 of its own
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
define lab = {
  "veqkduxkazib",
  "veem2jiacc9t",
  "veee6k7nvuvs",
  "veuvaqm96tfm",
}
define lab_all = {
  $lab,
  "brypau8t6z28",
  "brq3cf3m49ex",
}
table arp patchlab.bridged-containers {
  chain input {
    type filter hook input priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table inet patchlab.bridged-containers {
  chain prerouting {
    type filter hook prerouting priority -450
    iifname $lab counter drop
  }
  chain output {
    type filter hook output priority -450
    oifname $lab_all counter drop
  }
}
table bridge patchlab.bridged-containers {
  chain input {
    type filter hook input priority -450
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 != 01:80:c2:00:00:00 counter drop
    iifname $lab ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 meta protocol { ip, arp, ip6, 8021q, 8021ad } counter drop
  }
}
EOF

# run container blog (busybox) by docker
docker run --detach --interactive --name bridged-containers.blog --hostname blog --network none --pull never --label patchlab.lab=bridged-containers --label patchlab.node=blog busybox

# run container shop (busybox) by docker
docker run --detach --interactive --name bridged-containers.shop --hostname shop --network none --pull never --label patchlab.lab=bridged-containers --label patchlab.node=shop busybox

# network namespace of host
# network namespace of gw
# network namespace of user
# network namespace of mysql
ip -batch - <<'EOF'
netns add bridged-containers.host
netns add bridged-containers.gw
netns add bridged-containers.user
netns add bridged-containers.mysql
EOF

# network namespace of container blog
sh -c '
pid_of() { "$1" container inspect --format '\''{{.State.Pid}}'\'' "$2"; }
pid=$(pid_of "$1" "$2") || exit 1
if [ "$pid" -ne 0 ] && nsenter --net="/proc/$pid/ns/net" ip link show dev lo | grep -qF "alias $3"; then
  "$1" restart --time 0 "$2" >/dev/null || exit 1
  pid=$(pid_of "$1" "$2")
fi
if [ "$pid" -ne 0 ]; then
  if [ "/proc/$pid/ns/net" -ef /proc/self/ns/net ]; then
    echo "container $2 has no network namespace of its own" >&2
    exit 1
  fi
  ip netns attach "$2" "$pid" &&
    nsenter --net="/run/netns/$2" sysctl -q -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 &&
    exit 0
fi
if [ "$(pid_of "$1" "$2")" -eq 0 ]; then
  echo "container $2 has ended as soon as it was started; what it said:" >&2
  "$1" logs --tail 10 "$2" >&2
fi
exit 1
' attach docker bridged-containers.blog patchlab:

# network namespace of container shop
sh -c '
pid_of() { "$1" container inspect --format '\''{{.State.Pid}}'\'' "$2"; }
pid=$(pid_of "$1" "$2") || exit 1
if [ "$pid" -ne 0 ] && nsenter --net="/proc/$pid/ns/net" ip link show dev lo | grep -qF "alias $3"; then
  "$1" restart --time 0 "$2" >/dev/null || exit 1
  pid=$(pid_of "$1" "$2")
fi
if [ "$pid" -ne 0 ]; then
  if [ "/proc/$pid/ns/net" -ef /proc/self/ns/net ]; then
    echo "container $2 has no network namespace of its own" >&2
    exit 1
  fi
  ip netns attach "$2" "$pid" &&
    nsenter --net="/run/netns/$2" sysctl -q -w net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0 &&
    exit 0
fi
if [ "$(pid_of "$1" "$2")" -eq 0 ]; then
  echo "container $2 has ended as soon as it was started; what it said:" >&2
  "$1" logs --tail 10 "$2" >&2
fi
exit 1
' attach docker bridged-containers.shop patchlab:

# ---- devices ----

# gw:svc: its veth on the host
# mark gw:svc veth as the lab's
# bring gw:svc veth up
# give gw:svc veth a name that people can read
# host:eth0: its veth on the host
# mark host:eth0 veth as the lab's
# bring host:eth0 veth up
# give host:eth0 veth a name that people can read
# mysql:em0: its veth on the host
# mark mysql:em0 veth as the lab's
# bring mysql:em0 veth up
# give mysql:em0 veth a name that people can read
# host:eth1: its veth on the host
# mark host:eth1 veth as the lab's
# bring host:eth1 veth up
# give host:eth1 veth a name that people can read
# gw:usr-user:eth0: patch cable
# blog:eth0-host:blog0: patch cable
# blog:eth1-host:blog1: patch cable
# shop:eth0-host:shop0: patch cable
# shop:eth1-host:shop1: patch cable
ip -batch - <<'EOF'
link add name veqkduxkazib address 02:43:dd:10:57:32 type veth peer name svc netns bridged-containers.gw address 02:79:96:5c:d7:80
link set dev veqkduxkazib alias patchlab:bridged-containers addrgenmode none
link set dev veqkduxkazib up
link property add dev veqkduxkazib altname bridged-containers.gw.svc.veth
link add name veem2jiacc9t address 02:73:d0:25:31:ec type veth peer name eth0 netns bridged-containers.host address 02:12:c5:33:45:71
link set dev veem2jiacc9t alias patchlab:bridged-containers addrgenmode none
link set dev veem2jiacc9t up
link property add dev veem2jiacc9t altname bridged-containers.host.eth0.veth
link add name veee6k7nvuvs address 02:e2:61:36:27:00 type veth peer name em0 netns bridged-containers.mysql address 02:7b:58:59:31:67
link set dev veee6k7nvuvs alias patchlab:bridged-containers addrgenmode none
link set dev veee6k7nvuvs up
link property add dev veee6k7nvuvs altname bridged-containers.mysql.em0.veth
link add name veuvaqm96tfm address 02:93:21:b3:89:85 type veth peer name eth1 netns bridged-containers.host address 02:c1:0a:4b:7e:08
link set dev veuvaqm96tfm alias patchlab:bridged-containers addrgenmode none
link set dev veuvaqm96tfm up
link property add dev veuvaqm96tfm altname bridged-containers.host.eth1.veth
link add name usr netns bridged-containers.gw address 02:d1:94:83:8a:6c type veth peer name eth0 netns bridged-containers.user address 02:c7:bb:7b:d7:22
link add name eth0 netns bridged-containers.blog address 02:7a:bc:6f:02:8d type veth peer name blog0 netns bridged-containers.host address 02:f0:c9:33:dd:1a
link add name eth1 netns bridged-containers.blog address 02:91:d4:14:91:63 type veth peer name blog1 netns bridged-containers.host address 02:2a:bd:a0:6a:83
link add name eth0 netns bridged-containers.shop address 02:2e:60:1c:1d:68 type veth peer name shop0 netns bridged-containers.host address 02:cc:e8:af:50:39
link add name eth1 netns bridged-containers.shop address 02:6f:87:fb:e0:7a type veth peer name shop1 netns bridged-containers.host address 02:2f:b5:e4:9f:57
EOF

# ---- switches ----

# service: Linux bridge
# mark service bridge as the lab's
# bring service bridge up
# plug veqkduxkazib into the bridge
# plug veem2jiacc9t into the bridge
# access: Linux bridge
# mark access bridge as the lab's
# bring access bridge up
# plug veee6k7nvuvs into the bridge
# plug veuvaqm96tfm into the bridge
ip -batch - <<'EOF'
link add name brypau8t6z28 address 02:e7:d9:ff:34:47 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brypau8t6z28 alias patchlab:bridged-containers addrgenmode none
link set dev brypau8t6z28 up
link set dev veqkduxkazib master brypau8t6z28
link set dev veem2jiacc9t master brypau8t6z28
link add name brq3cf3m49ex address 02:83:70:0a:7c:0e type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev brq3cf3m49ex alias patchlab:bridged-containers addrgenmode none
link set dev brq3cf3m49ex up
link set dev veee6k7nvuvs master brq3cf3m49ex
link set dev veuvaqm96tfm master brq3cf3m49ex
EOF

# ---- inside ----

# mark host as the lab's
# bridge br0
# plug eth0 into br0
# plug blog0 into br0
# plug shop0 into br0
# bridge br1
# plug eth1 into br1
# plug blog1 into br1
# plug shop1 into br1
ip -n bridged-containers.host -batch - <<'EOF'
link set dev lo alias patchlab:bridged-containers
link add name br0 address 02:c4:71:34:f9:44 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev eth0 master br0
link set dev blog0 master br0
link set dev shop0 master br0
link add name br1 address 02:85:18:e2:92:f7 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev eth1 master br1
link set dev blog1 master br1
link set dev shop1 master br1
EOF

# mark blog as the lab's
# address 192.168.22.222/24 of blog:eth0
# bring up blog:eth0
# address fd00:22::222/64 of blog:eth0
# address 192.168.52.222/24 of blog:eth1
# bring up blog:lo
# bring up blog:eth1
# route of blog: default via 192.168.22.217 dev eth0
# route of blog: default via 192.168.52.217 dev eth1 metric 100
ip -n bridged-containers.blog -batch - <<'EOF'
link set dev lo alias patchlab:bridged-containers
addr add 192.168.22.222/24 dev eth0
link set dev eth0 up
addr add fd00:22::222/64 dev eth0 nodad
addr add 192.168.52.222/24 dev eth1
link set dev lo up
link set dev eth1 up
route add default via 192.168.22.217 dev eth0
route add default via 192.168.52.217 dev eth1 metric 100
EOF

# mark shop as the lab's
# address 192.168.22.223/24 of shop:eth0
# address 192.168.52.223/24 of shop:eth1
# bring up shop:lo
# bring up shop:eth0
# bring up shop:eth1
# route of shop: default via 192.168.22.1 dev eth0
ip -n bridged-containers.shop -batch - <<'EOF'
link set dev lo alias patchlab:bridged-containers
addr add 192.168.22.223/24 dev eth0
addr add 192.168.52.223/24 dev eth1
link set dev lo up
link set dev eth0 up
link set dev eth1 up
route add default via 192.168.22.1 dev eth0
EOF

# mark gw as the lab's
ip -n bridged-containers.gw link set dev lo alias patchlab:bridged-containers

# mark user as the lab's
# address 10.8.0.2/24 of user:eth0
# bring up user:lo
# bring up user:eth0
# route of user: default via 10.8.0.1 dev eth0
ip -n bridged-containers.user -batch - <<'EOF'
link set dev lo alias patchlab:bridged-containers
addr add 10.8.0.2/24 dev eth0
link set dev lo up
link set dev eth0 up
route add default via 10.8.0.1 dev eth0
EOF

# mark mysql as the lab's
# address 192.168.52.204/24 of mysql:em0
# bring up mysql:lo
# bring up mysql:em0
ip -n bridged-containers.mysql -batch - <<'EOF'
link set dev lo alias patchlab:bridged-containers
addr add 192.168.52.204/24 dev em0
link set dev lo up
link set dev em0 up
EOF

# net.ipv4.ip_forward of host
# net.ipv4.conf.all.send_redirects of host
# net.ipv4.conf.br0.send_redirects of host
ip netns exec bridged-containers.host sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.br0.send_redirects=0

# net.ipv4.ip_forward of gw
ip netns exec bridged-containers.gw sysctl -q -w net.ipv4.ip_forward=1

# address 192.168.22.217/24 of host:br0
# bring up host:br0
# address fd00:22::217/64 of host:br0
# address 192.168.52.217/24 of host:br1
# bring up host:lo
# bring up host:blog0
# bring up host:blog1
# bring up host:eth0
# bring up host:eth1
# bring up host:shop0
# bring up host:shop1
# bring up host:br1
# route of host: default via 192.168.22.1 dev br0
ip -n bridged-containers.host -batch - <<'EOF'
addr add 192.168.22.217/24 dev br0
link set dev br0 up
addr add fd00:22::217/64 dev br0 nodad
addr add 192.168.52.217/24 dev br1
link set dev lo up
link set dev blog0 up
link set dev blog1 up
link set dev eth0 up
link set dev eth1 up
link set dev shop0 up
link set dev shop1 up
link set dev br1 up
route add default via 192.168.22.1 dev br0
EOF

# address 192.168.22.1/24 of gw:svc
# bring up gw:svc
# address fd00:22::1/64 of gw:svc
# address 10.8.0.1/24 of gw:usr
# bring up gw:lo
# bring up gw:usr
ip -n bridged-containers.gw -batch - <<'EOF'
addr add 192.168.22.1/24 dev svc
link set dev svc up
addr add fd00:22::1/64 dev svc nodad
addr add 10.8.0.1/24 dev usr
link set dev lo up
link set dev usr up
EOF
