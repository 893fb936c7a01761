#!/bin/sh
# wireguard: Two sites and a traveller meet by WireGuard, and each is heard from its own addresses alone
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
rm -f -- /var/log/libvirt/qemu/wireguard.lab.log /var/log/libvirt/qemu/wireguard.lab.console.log

# ---- guests ----

# boot lab (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>wireguard.lab</name>
  <uuid>0b532543-0386-8d65-a031-4a11a74ec4cd</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="wireguard" node="lab"/>
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
      <log file="/var/log/libvirt/qemu/wireguard.lab.console.log" append="off"/>
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
await_agent wireguard.lab

# network namespace lab/hub
# network namespace lab/site
# network namespace lab/road
# network namespace lab/d
in_guest wireguard.lab ip -batch - <<'EOF'
netns add hub
netns add site
netns add road
netns add d
EOF

# veth pair hub:eth1 - site:eth1
# veth pair hub:eth2 - road:eth1
in_guest wireguard.lab ip -n hub -batch - <<'EOF'
link add name eth1 address 02:b2:cb:eb:17:fa type veth peer name eth1 netns site address 02:59:86:7c:bb:f9
link add name eth2 address 02:ce:a4:8f:39:52 type veth peer name eth1 netns road address 02:43:97:4e:e3:20
EOF

# veth pair site:lan - d:eth0
in_guest wireguard.lab ip -n site link add name lan address 02:d6:72:c1:5a:cc type veth peer name eth0 netns d address 02:ee:b3:32:8e:c7 </dev/null

# hub:wg0: WireGuard
in_guest wireguard.lab ip -n hub link add name wg0 mtu 1420 type wireguard </dev/null

# hub:wg0: its key, and its peers lab/site:wg0, lab/road:wg0
in_guest wireguard.lab ip netns exec hub wg syncconf wg0 /proc/self/fd/0 <<'EOF'
[Interface]
PrivateKey = AJYDeZiuC1DcNLhSE7zh5NCuL62KoMvLyKs9iZhMuXw=
ListenPort = 51820
FwMark = 0

[Peer]
PublicKey = FSYr+IPQTBTaEw2P+eDYAe1jovNk8PILIGjKLTelMVo=
Endpoint = 10.0.0.2:51821
AllowedIPs = 10.1.0.2/32, fd01::2/128
PersistentKeepalive = 0

[Peer]
PublicKey = ZKKx4ici5r81Uj/QO7nYAuE74N02y31xRb1nomtUXAI=
AllowedIPs = 10.1.0.3/32, fd01::3/128
PersistentKeepalive = 0
EOF

# site:wg0: WireGuard
in_guest wireguard.lab ip -n site link add name wg0 mtu 1420 type wireguard </dev/null

# site:wg0: its key, and its peers lab/hub:wg0
in_guest wireguard.lab ip netns exec site wg syncconf wg0 /proc/self/fd/0 <<'EOF'
[Interface]
PrivateKey = CNB3/OlRhUI7FBiWTQTgVjC+aDPqNiYi4WtwmrE/UHA=
ListenPort = 51821
FwMark = 0

[Peer]
PublicKey = pb1u3UHf7hJzvx+C/jpm9c0qy5apaqplIPMYc17yYCQ=
Endpoint = 10.0.0.1:51820
AllowedIPs = 10.1.0.0/24, fd01::/64
PersistentKeepalive = 0
EOF

# road:wg0: WireGuard
in_guest wireguard.lab ip -n road link add name wg0 mtu 1420 type wireguard </dev/null

# road:wg0: its key, and its peers lab/hub:wg0
in_guest wireguard.lab ip netns exec road wg syncconf wg0 /proc/self/fd/0 <<'EOF'
[Interface]
PrivateKey = cBjItzxbmvSm+7HqdQLexxyKQbwenjxTwuHmXiz4VHk=
ListenPort = 51820
FwMark = 0

[Peer]
PublicKey = pb1u3UHf7hJzvx+C/jpm9c0qy5apaqplIPMYc17yYCQ=
Endpoint = 10.0.1.1:51820
AllowedIPs = 10.1.0.0/24, fd01::/64
PersistentKeepalive = 1
EOF

# net.ipv4.ip_forward of lab/hub
in_guest wireguard.lab ip netns exec hub sysctl -q -w net.ipv4.ip_forward=1 </dev/null

# net.ipv4.ip_forward of lab/site
in_guest wireguard.lab ip netns exec site sysctl -q -w net.ipv4.ip_forward=1 </dev/null

# bring up lab:lo
in_guest wireguard.lab ip link set dev lo up </dev/null

# address 10.0.0.1/24 of lab/hub:eth1
# address 10.0.1.1/24 of lab/hub:eth2
# address 10.1.0.1/24 of lab/hub:wg0
# bring up lab/hub:wg0
# address fd01::1/64 of lab/hub:wg0
# bring up lab/hub:lo
# bring up lab/hub:eth1
# bring up lab/hub:eth2
# route of lab/hub: 10.5.2.0/24 dev wg0
in_guest wireguard.lab ip -n hub -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
addr add 10.0.1.1/24 dev eth2
addr add 10.1.0.1/24 dev wg0
link set dev wg0 up
addr add fd01::1/64 dev wg0 nodad
link set dev lo up
link set dev eth1 up
link set dev eth2 up
route add 10.5.2.0/24 dev wg0
EOF

# address 10.0.0.2/24 of lab/site:eth1
# address 10.1.0.2/24 of lab/site:wg0
# bring up lab/site:wg0
# address fd01::2/64 of lab/site:wg0
# address 10.5.2.1/24 of lab/site:lan
# bring up lab/site:lo
# bring up lab/site:eth1
# bring up lab/site:lan
in_guest wireguard.lab ip -n site -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
addr add 10.1.0.2/24 dev wg0
link set dev wg0 up
addr add fd01::2/64 dev wg0 nodad
addr add 10.5.2.1/24 dev lan
link set dev lo up
link set dev eth1 up
link set dev lan up
EOF

# address 10.0.1.2/24 of lab/road:eth1
# address 10.1.0.3/24 of lab/road:wg0
# bring up lab/road:wg0
# address fd01::3/64 of lab/road:wg0
# bring up lab/road:lo
# bring up lab/road:eth1
in_guest wireguard.lab ip -n road -batch - <<'EOF'
addr add 10.0.1.2/24 dev eth1
addr add 10.1.0.3/24 dev wg0
link set dev wg0 up
addr add fd01::3/64 dev wg0 nodad
link set dev lo up
link set dev eth1 up
EOF

# address 10.5.2.2/24 of lab/d:eth0
# bring up lab/d:lo
# bring up lab/d:eth0
# route of lab/d: default via 10.5.2.1 dev eth0
in_guest wireguard.lab ip -n d -batch - <<'EOF'
addr add 10.5.2.2/24 dev eth0
link set dev lo up
link set dev eth0 up
route add default via 10.5.2.1 dev eth0
EOF
