#!/bin/sh
# patched-and-mirrored: Two bridges of Open vSwitch joined by patch ports, and a mirror that shows a monitor what a host says and hears
# Builds the lab by hand; teardown.sh removes it.
set -eu

# ---- stacks ----

# network namespace of switch
# network namespace of a
# network namespace of b
# network namespace of c
# network namespace of monitor
ip -batch - <<'EOF'
netns add patched-and-mirrored.switch
netns add patched-and-mirrored.a
netns add patched-and-mirrored.b
netns add patched-and-mirrored.c
netns add patched-and-mirrored.monitor
EOF

# ---- devices ----

# a:eth1-switch:eth1: patch cable
# b:eth1-switch:eth3: patch cable
# c:eth1-switch:eth2: patch cable
# monitor:eth1-switch:mon: patch cable
ip -batch - <<'EOF'
link add name eth1 netns patched-and-mirrored.a address 02:84:25:db:a6:41 type veth peer name eth1 netns patched-and-mirrored.switch address 02:50:7e:f2:ef:16
link add name eth1 netns patched-and-mirrored.b address 02:75:f2:a9:f1:1a type veth peer name eth3 netns patched-and-mirrored.switch address 02:89:41:eb:fe:51
link add name eth1 netns patched-and-mirrored.c address 02:6d:ce:07:08:21 type veth peer name eth2 netns patched-and-mirrored.switch address 02:74:24:59:2a:bd
link add name eth1 netns patched-and-mirrored.monitor address 02:88:ce:23:19:5a type veth peer name mon netns patched-and-mirrored.switch address 02:11:73:a7:83:72
EOF

# ---- inside ----

# mark switch as the lab's
ip -n patched-and-mirrored.switch link set dev lo alias patchlab:patched-and-mirrored

# mark a as the lab's
# address 10.0.0.1/24 of a:eth1
# bring up a:lo
# bring up a:eth1
ip -n patched-and-mirrored.a -batch - <<'EOF'
link set dev lo alias patchlab:patched-and-mirrored
addr add 10.0.0.1/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# mark b as the lab's
# address 10.0.0.2/24 of b:eth1
# bring up b:lo
# bring up b:eth1
ip -n patched-and-mirrored.b -batch - <<'EOF'
link set dev lo alias patchlab:patched-and-mirrored
addr add 10.0.0.2/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# mark c as the lab's
# address 10.0.0.3/24 of c:eth1
# bring up c:lo
# bring up c:eth1
ip -n patched-and-mirrored.c -batch - <<'EOF'
link set dev lo alias patchlab:patched-and-mirrored
addr add 10.0.0.3/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# mark monitor as the lab's
# address 10.0.0.9/24 of monitor:eth1
# bring up monitor:lo
# bring up monitor:eth1
ip -n patched-and-mirrored.monitor -batch - <<'EOF'
link set dev lo alias patchlab:patched-and-mirrored
addr add 10.0.0.9/24 dev eth1
link set dev lo up
link set dev eth1 up
EOF

# run Open vSwitch in switch
nsenter --net=/run/netns/patched-and-mirrored.switch -- env OVS_RUNDIR=/run/patchlab.patched-and-mirrored.switch.open-vswitch sh -c '
file=/run/patchlab.$1
export PATCHLAB_PROCESS="$1"
unset PATCHLAB_ALIVE
supervise=$2 ready=$3
shift 3
: >"$file.log" && : >"$file.pid" || exit 1
setsid unshare -p -f /bin/sh -c "$supervise" "$file" "$@" </dev/null >>"$file.log" 2>&1 &
tries=200
until [ -s "$file.pid" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ] || ! kill -0 $! 2>/dev/null; then
    cat "$file.log" >&2
    rm -f "$file.pid" "$file.log"
    exit 1
  fi
  sleep 0.05
done
tries=200
until [ -z "$ready" ] || [ -e "$ready" ]; do
  tries=$((tries - 1))
  if [ $tries -eq 0 ]; then
    cat "$file.log" >&2
    exit 1
  fi
  sleep 0.05
done
' start patched-and-mirrored.switch.open-vswitch '
read -r pid rest </proc/self/stat
echo "$pid" >"$0.pid"
end=
trap '\''end=yes; kill -s TERM $child 2>/dev/null'\'' TERM
while :; do
  "$@" &
  child=$!
  wait $child
  status=$?
  [ -z "$end" ] || { wait $child; exit; }
  echo "patchlab: it has ended with exit code $status and is started again"
  sleep 1 &
  child=$!
  wait $child
  [ -z "$end" ] || exit
done
' /run/patchlab.patched-and-mirrored.switch.open-vswitch/db.sock sh -c '
export OVS_RUNDIR="$1"
mkdir -p "$1" && cd "$1" || exit 1
rm -f *.ctl *.mgmt *.sock
[ -s conf.db ] || { ovsdb-tool create conf.db && ovsdb-tool transact conf.db "$2" >/dev/null; } || exit 1
quiet='\''-vsyslog:off -vconsole:warn'\''
exec ovsdb-server conf.db $quiet --remote=punix:db.sock --unixctl="$1/ovsdb-server.ctl" \
  --run="exec ovs-vswitchd unix:$1/db.sock $quiet --unixctl=$1/ovs-vswitchd.ctl"
' open-vswitch /run/patchlab.patched-and-mirrored.switch.open-vswitch '["Open_vSwitch",{"op":"insert","table":"Open_vSwitch","row":{"other_config":["map",[["n-handler-threads","1"],["n-revalidator-threads","1"]]]}}]'

# Open vSwitch bridge inner
# plug eth1 into port 1 of inner
# plug mon into port 2 of inner
# join port 3 of inner, to-outer, to to-inner
# inner: copies of the mirror host-a to mon
# Open vSwitch bridge outer
# plug eth2 into port 1 of outer
# join port 2 of outer, to-inner, to to-outer
# plug eth3 into port 3 of outer
ip netns exec patched-and-mirrored.switch env OVS_RUNDIR=/run/patchlab.patched-and-mirrored.switch.open-vswitch ovs-vsctl --timeout=30 -- add-br inner -- set bridge inner datapath_type=netdev fail_mode=standalone external_ids:patchlab=patched-and-mirrored 'other_config:hwaddr="02:03:5d:9d:d3:f3"' other_config:forward-bpdu=true 'protocols=[]' -- set bridge inner 'controller=[]' -- --if-exists del-port inner eth1 -- add-port inner eth1 -- set interface eth1 ofport_request=1 external_ids:patchlab=patched-and-mirrored lldp:enable=false -- set port eth1 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port inner mon -- add-port inner mon -- set interface mon ofport_request=2 external_ids:patchlab=patched-and-mirrored lldp:enable=false -- set port mon vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port inner to-outer -- add-port inner to-outer -- set interface to-outer ofport_request=3 external_ids:patchlab=patched-and-mirrored type=patch options:peer=to-inner lldp:enable=false -- set port to-outer vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --id=@inner.host-a.0 get port eth1 -- --id=@inner.host-a.1 get port mon -- --id=@inner.host-a create mirror name=host-a external_ids:patchlab=patched-and-mirrored select_all=false 'select_src_port=[@inner.host-a.0]' 'select_dst_port=[@inner.host-a.0]' 'select_vlan=[]' output_port=@inner.host-a.1 'output_vlan=[]' -- add bridge inner mirrors @inner.host-a -- add-br outer -- set bridge outer datapath_type=netdev fail_mode=standalone external_ids:patchlab=patched-and-mirrored 'other_config:hwaddr="02:79:85:2a:72:c2"' other_config:forward-bpdu=false 'protocols=[]' -- set bridge outer 'controller=[]' -- --if-exists del-port outer eth2 -- add-port outer eth2 -- set interface eth2 ofport_request=1 external_ids:patchlab=patched-and-mirrored lldp:enable=false -- set port eth2 vlan_mode=trunk 'tag=[]' 'trunks=[]' 'cvlans=[]' -- --if-exists del-port outer to-inner -- add-port outer to-inner -- set interface to-inner ofport_request=2 external_ids:patchlab=patched-and-mirrored type=patch options:peer=to-outer lldp:enable=false -- set port to-inner vlan_mode=access tag=10 'trunks=[]' 'cvlans=[]' -- --if-exists del-port outer eth3 -- add-port outer eth3 -- set interface eth3 ofport_request=3 external_ids:patchlab=patched-and-mirrored lldp:enable=false -- set port eth3 vlan_mode=access tag=10 'trunks=[]' 'cvlans=[]'

# bring up switch:lo
# bring up switch:eth1
# bring up switch:eth2
# bring up switch:eth3
# bring up switch:mon
# bring up switch:inner
# bring up switch:outer
ip -n patched-and-mirrored.switch -batch - <<'EOF'
link set dev lo up
link set dev eth1 up
link set dev eth2 up
link set dev eth3 up
link set dev mon up
link set dev inner up
link set dev outer up
EOF
