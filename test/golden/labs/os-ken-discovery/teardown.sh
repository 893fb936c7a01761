#!/bin/sh
# os-ken-discovery: removes what plan.sh made, last things first, and keeps going on errors.

# undo: run the controller os-ken in ctl
sh -c '
mine() {
  [ -n "$2" ] && tr '\''\0'\'' '\''\n'\'' <"/proc/$2/environ" | grep -qxF "PATCHLAB_PROCESS=$1"
} 2>/dev/null

file=/run/patchlab.$1
[ -e "$file.pid" ] || exit 0
tries=20
until read -r pid <"$file.pid" || [ $tries -eq 0 ]; do
  tries=$((tries - 1))
  sleep 0.05
done
if mine "$1" "$pid"; then kill -s TERM "$pid"; fi
tries=100
while mine "$1" "$pid"; do
  tries=$((tries - 1))
  if [ $tries -eq 60 ]; then kill -s KILL "$pid"; fi
  if [ $tries -eq 0 ]; then
    echo "process $pid of $1 does not end" >&2
    exit 1
  fi
  sleep 0.05
done
rm -rf "$file.pid" "$file.log" "$file.json" "$file"
' end os-ken-discovery.ctl.controller

# undo: boot sw2 (guest switch, 256MiB, tcg)
virsh -c qemu:///system destroy os-ken-discovery.sw2

# undo: boot sw1 (guest switch, 256MiB, tcg)
virsh -c qemu:///system destroy os-ken-discovery.sw1

# undo: control: Linux bridge
ip link del dev brdav634st27

# undo: cable: cable sw1:eth1 - sw2:eth1
# undo: sw2:eth0: its tap on the host
# undo: sw1:eth0: its tap on the host
# undo: ctl:eth0: its veth on the host
ip -force -batch - <<'EOF'
link del dev veedmwd8ue58
link del dev ta6qwhwnec2j
link del dev ta94q7h7yn89
link del dev ve44nz6th9zs
EOF

# undo: let the console log of sw2 begin anew, and go with the lab
# undo: let the qemu log of sw2 begin anew, and go with the lab
# undo: let the console log of sw1 begin anew, and go with the lab
# undo: let the qemu log of sw1 begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/os-ken-discovery.sw2.console.log /var/log/libvirt/qemu/os-ken-discovery.sw2.log /var/log/libvirt/qemu/os-ken-discovery.sw1.console.log /var/log/libvirt/qemu/os-ken-discovery.sw1.log

# undo: network namespace of ctl
ip netns del os-ken-discovery.ctl

# undo: let nothing of the lab reach the host's own IP stack, nor the other way round
nft -f - <<'EOF'
add table arp patchlab.os-ken-discovery; delete table arp patchlab.os-ken-discovery; add table inet patchlab.os-ken-discovery; delete table inet patchlab.os-ken-discovery; add table bridge patchlab.os-ken-discovery; delete table bridge patchlab.os-ken-discovery
EOF
