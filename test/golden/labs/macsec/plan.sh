#!/bin/sh
# macsec: MACsec lets nobody on the cable read or change what two sites say, and a third one with another key is heard by nobody
# Builds the lab by hand; teardown.sh removes it.
# Its guests boot: only `patchlab up` can start them from a stored state.

: "${PATCHLAB_LIBVIRT_URI:=qemu:///system}"
agent() { virsh -q -c "$PATCHLAB_LIBVIRT_URI" qemu-agent-command "$@"; }

# await_agent DOMAIN [SECONDS]: until the guest answers, two minutes at most where nothing else is said
await_agent() {
  tries=${2:-120}
  until agent "$1" '{"execute":"guest-ping"}' >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "$1 does not answer" >&2; return 1; }
    sleep 1
  done
}

# in_guest DOMAIN PROGRAM ARGUMENT...: run a program in the guest, with this function's standard input
in_guest() {
  domain=$1 program=$2
  shift 2
  words=
  for word; do
    words="$words${words:+,}\"$(printf %s "$word" | sed -z 's/[\\"]/\\&/g; s/\t/\\t/g; s/\n/\\n/g')\""
  done
  pid=$(agent "$domain" "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"$program\",\"arg\":[$words],\"input-data\":\"$(base64 -w0)\",\"capture-output\":true}}" |
    sed 's/.*"pid":\([0-9]*\).*/\1/')
  while :; do
    result=$(agent "$domain" "{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":$pid}}")
    case $result in
      *'"exited":true'*'"exitcode":0'* | *'"exitcode":0'*'"exited":true'*) return 0 ;;
      *'"exited":true'*) echo "$domain: $program: $result" >&2; return 1 ;;
    esac
    sleep 0.1
  done
}
set -eu

# ---- devices ----

# let the qemu log of lab begin anew, and go with the lab
# let the console log of lab begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/macsec.lab.log /var/log/libvirt/qemu/macsec.lab.console.log

# ---- guests ----

# boot lab (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>macsec.lab</name>
  <uuid>9c4770c2-7817-860c-ab31-303244eba761</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="macsec" node="lab"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=lab</cmdline>
  </os>
  <features>
    <acpi/>
  </features>
  <cpu mode="custom" match="exact" check="none">
    <model>qemu64</model>
  </cpu>
  <clock offset="utc"/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>restart</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <controller type="usb" model="none"/>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/macsec.lab.console.log" append="off"/>
      <target port="0"/>
    </serial>
    <console type="pty">
      <target type="serial" port="0"/>
    </console>
    <channel type="unix">
      <target type="virtio" name="org.qemu.guest_agent.0"/>
    </channel>
    <memballoon model="none"/>
    <rng model="virtio">
      <backend model="random">/dev/urandom</backend>
    </rng>
  </devices>
</domain>
EOF

# ---- inside ----

# wait until lab answers
await_agent macsec.lab

# network namespace lab/a
# network namespace lab/b
# network namespace lab/c
# network namespace lab/switch
in_guest macsec.lab ip -batch - <<'EOF'
netns add a
netns add b
netns add c
netns add switch
EOF

# veth pair a:eth1 - switch:p1
in_guest macsec.lab ip -n a link add name eth1 address 02:89:4c:d1:e0:e5 type veth peer name p1 netns switch address 02:00:ad:88:46:63 </dev/null

# veth pair b:eth1 - switch:p2
in_guest macsec.lab ip -n b link add name eth1 address 02:7c:9d:64:cc:19 type veth peer name p2 netns switch address 02:5b:a3:5f:b2:68 </dev/null

# veth pair c:eth1 - switch:p3
in_guest macsec.lab ip -n c link add name eth1 address 02:88:6b:7f:a4:2f type veth peer name p3 netns switch address 02:4c:88:93:33:b6 </dev/null

# bridge switch:br0
# plug switch:p1 into switch:br0
# plug switch:p2 into switch:br0
# plug switch:p3 into switch:br0
in_guest macsec.lab ip -n switch -batch - <<'EOF'
link add name br0 address 02:05:c9:ef:4b:f5 type bridge stp_state 0 mcast_snooping 0 forward_delay 0
link set dev p1 master br0
link set dev p2 master br0
link set dev p3 master br0
EOF

# a:sec0: MACsec on a:eth1
# a:sec0: key 0 that it sends with
# a:sec0 takes what comes in channel 027c9d64cc190001
# a:sec0: key 0 of 027c9d64cc190001
in_guest macsec.lab ip -n a -batch - <<'EOF'
link add link eth1 name sec0 type macsec sci 02894cd1e0e50001 cipher GCM-AES-128 icvlen 16 encodingsa 0 encrypt on protect on validate strict send_sci on end_station off scb off replay off
macsec add sec0 tx sa 0 pn 1 on key e33004576740c4835d68f3f2e96b0fbb 1418a3d91f56a0c2904f979c547208ca
macsec add sec0 rx sci 027c9d64cc190001
macsec add sec0 rx sci 027c9d64cc190001 sa 0 pn 1 on key af80dfa195c93175c77819ba72f6ad13 32baf197d5d7367c20179781bbdce743
EOF

# b:sec0: MACsec on b:eth1
# b:sec0: key 0 that it sends with
# b:sec0 takes what comes in channel 02894cd1e0e50001
# b:sec0: key 0 of 02894cd1e0e50001
in_guest macsec.lab ip -n b -batch - <<'EOF'
link add link eth1 name sec0 type macsec sci 027c9d64cc190001 cipher GCM-AES-128 icvlen 16 encodingsa 0 encrypt on protect on validate strict send_sci on end_station off scb off replay off
macsec add sec0 tx sa 0 pn 1 on key af80dfa195c93175c77819ba72f6ad13 32baf197d5d7367c20179781bbdce743
macsec add sec0 rx sci 02894cd1e0e50001
macsec add sec0 rx sci 02894cd1e0e50001 sa 0 pn 1 on key e33004576740c4835d68f3f2e96b0fbb 1418a3d91f56a0c2904f979c547208ca
EOF

# c:sec0: MACsec on c:eth1
# c:sec0: key 0 that it sends with
# c:sec0 takes what comes in channel 02894cd1e0e50001
# c:sec0: key 0 of 02894cd1e0e50001
# c:sec0 takes what comes in channel 027c9d64cc190001
# c:sec0: key 0 of 027c9d64cc190001
in_guest macsec.lab ip -n c -batch - <<'EOF'
link add link eth1 name sec0 type macsec sci 02886b7fa42f0001 cipher GCM-AES-128 icvlen 16 encodingsa 0 encrypt on protect on validate strict send_sci on end_station off scb off replay off
macsec add sec0 tx sa 0 pn 1 on key 5947d7c33d783f94b3b4c1a96ebc8991 00112233445566778899aabbccddeeff
macsec add sec0 rx sci 02894cd1e0e50001
macsec add sec0 rx sci 02894cd1e0e50001 sa 0 pn 1 on key 5947d7c33d783f94b3b4c1a96ebc8991 00112233445566778899aabbccddeeff
macsec add sec0 rx sci 027c9d64cc190001
macsec add sec0 rx sci 027c9d64cc190001 sa 0 pn 1 on key 5947d7c33d783f94b3b4c1a96ebc8991 00112233445566778899aabbccddeeff
EOF

# bring up lab:lo
in_guest macsec.lab ip link set dev lo up </dev/null

# address 10.0.0.1/24 of lab/a:eth1
# address 10.1.0.1/24 of lab/a:sec0
# bring up lab/a:eth1
# bring up lab/a:sec0
# address fd01::1/64 of lab/a:sec0
# bring up lab/a:lo
in_guest macsec.lab ip -n a -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
addr add 10.1.0.1/24 dev sec0
link set dev eth1 up
link set dev sec0 up
addr add fd01::1/64 dev sec0 nodad
link set dev lo up
EOF

# address 10.0.0.2/24 of lab/b:eth1
# address 10.1.0.2/24 of lab/b:sec0
# bring up lab/b:eth1
# bring up lab/b:sec0
# address fd01::2/64 of lab/b:sec0
# bring up lab/b:lo
in_guest macsec.lab ip -n b -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
addr add 10.1.0.2/24 dev sec0
link set dev eth1 up
link set dev sec0 up
addr add fd01::2/64 dev sec0 nodad
link set dev lo up
EOF

# address 10.0.0.3/24 of lab/c:eth1
# address 10.1.0.3/24 of lab/c:sec0
# bring up lab/c:lo
# bring up lab/c:eth1
# bring up lab/c:sec0
in_guest macsec.lab ip -n c -batch - <<'EOF'
addr add 10.0.0.3/24 dev eth1
addr add 10.1.0.3/24 dev sec0
link set dev lo up
link set dev eth1 up
link set dev sec0 up
EOF

# bring up lab/switch:lo
# bring up lab/switch:p1
# bring up lab/switch:p2
# bring up lab/switch:p3
# bring up lab/switch:br0
in_guest macsec.lab ip -n switch -batch - <<'EOF'
link set dev lo up
link set dev p1 up
link set dev p2 up
link set dev p3 up
link set dev br0 up
EOF
