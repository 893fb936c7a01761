#!/bin/sh
# impaired-link: A long and lossy way between two guests, and a cable of which one direction is dead
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

# let the qemu log of near begin anew, and go with the lab
# let the console log of near begin anew, and go with the lab
# let the qemu log of far begin anew, and go with the lab
# let the console log of far begin anew, and go with the lab
rm -f -- /var/log/libvirt/qemu/impaired-link.near.log /var/log/libvirt/qemu/impaired-link.near.console.log /var/log/libvirt/qemu/impaired-link.far.log /var/log/libvirt/qemu/impaired-link.far.console.log

# ---- guests ----

# boot near (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>impaired-link.near</name>
  <uuid>62459dbc-3980-8f8f-a089-3dd072ffbdbc</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="impaired-link" node="near"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=near patchlab.nics=02:d1:5c:ce:de:d2=eth1,02:6b:a6:ee:3d:62=eth2</cmdline>
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
    <interface type="udp">
      <mac address="02:d1:5c:ce:de:d2"/>
      <source address="127.0.0.1" port="30039">
        <local address="127.0.0.1" port="30038"/>
      </source>
      <model type="virtio"/>
    </interface>
    <interface type="udp">
      <mac address="02:6b:a6:ee:3d:62"/>
      <source address="127.0.0.1" port="26437">
        <local address="127.0.0.1" port="26436"/>
      </source>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/impaired-link.near.console.log" append="off"/>
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

# boot far (guest mini, 256MiB, tcg)
virsh -c qemu:///system create /dev/stdin <<'EOF'
<domain type="qemu">
  <name>impaired-link.far</name>
  <uuid>f4bd5a0b-fa71-82b2-ad4b-0e285e95fd9e</uuid>
  <metadata>
    <patchlab:node xmlns:patchlab="https://patchlab.dev/xmlns/domain/1" lab="impaired-link" node="far"/>
  </metadata>
  <memory unit="KiB">262144</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="x86_64" machine="pc">hvm</type>
    <kernel>/cache/mini/vmlinuz</kernel>
    <initrd>/cache/mini/initrd</initrd>
    <cmdline>console=ttyS0 patchlab.hostname=far patchlab.nics=02:3d:72:28:16:c7=eth1,02:8f:ce:ce:63:2f=eth2</cmdline>
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
    <interface type="udp">
      <mac address="02:3d:72:28:16:c7"/>
      <source address="127.0.0.1" port="30038">
        <local address="127.0.0.1" port="30039"/>
      </source>
      <model type="virtio"/>
    </interface>
    <interface type="udp">
      <mac address="02:8f:ce:ce:63:2f"/>
      <source address="127.0.0.1" port="26436">
        <local address="127.0.0.1" port="26437"/>
      </source>
      <model type="virtio"/>
    </interface>
    <serial type="pty">
      <log file="/var/log/libvirt/qemu/impaired-link.far.console.log" append="off"/>
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

# wait until near answers
await_agent impaired-link.near

# wait until far answers
await_agent impaired-link.far

# address 10.0.0.1/24 of near:eth1
# address 10.0.1.1/24 of near:eth2
# bring up near:lo
# bring up near:eth1
# bring up near:eth2
in_guest impaired-link.near ip -batch - <<'EOF'
addr add 10.0.0.1/24 dev eth1
addr add 10.0.1.1/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# address 10.0.0.2/24 of far:eth1
# address 10.0.1.2/24 of far:eth2
# bring up far:lo
# bring up far:eth1
# bring up far:eth2
in_guest impaired-link.far ip -batch - <<'EOF'
addr add 10.0.0.2/24 dev eth1
addr add 10.0.1.2/24 dev eth2
link set dev lo up
link set dev eth1 up
link set dev eth2 up
EOF

# what near:eth1 sends: delay 20ms, jitter 2ms, loss 10%, rate 10Mbit
in_guest impaired-link.near tc qdisc replace dev eth1 root netem delay 20ms 2ms loss 10% rate 10Mbit </dev/null

# what far:eth1 sends: delay 20ms, jitter 2ms, loss 10%
in_guest impaired-link.far tc qdisc replace dev eth1 root netem delay 20ms 2ms loss 10% </dev/null

# what far:eth2 sends: loss 100%
in_guest impaired-link.far tc qdisc replace dev eth2 root netem loss 100% </dev/null
