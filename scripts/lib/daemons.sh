# shellcheck shell=bash
# Starts libvirt and Open vSwitch where they do not answer. Running daemons are left alone.

libvirt_answers() { timeout 30 virsh -c qemu:///system uri >/dev/null 2>&1; }
ovsdb_answers() { ovs-vsctl --timeout=5 --no-wait show >/dev/null 2>&1; }
vswitchd_answers() { ovs-appctl --timeout=5 version >/dev/null 2>&1; }
ovs_answers() { ovsdb_answers && vswitchd_answers; }
has_systemd() { [ -d /run/systemd/system ]; }
# A daemon holds a lock on its pid file; the number in it may be an old one.
runs() { [ -s "$1" ] && [ "$(ps -o comm= -p "$(cat "$1")" 2>/dev/null)" = "$2" ]; }

start_libvirt_by_hand() {
  runs /run/virtlogd.pid virtlogd || virtlogd -d
  # libvirtd may be there already and slow to answer.
  runs /run/libvirtd.pid libvirtd || libvirtd -d
}

start_ovs_by_hand() {
  # ovs-ctl would load the kernel module and give up where there is none: of ovs-ctl only the
  # database, then ovs-vswitchd itself. Bridges with datapath_type=netdev need no module.
  ovsdb_answers ||
    /usr/share/openvswitch/scripts/ovs-ctl start --no-ovs-vswitchd --system-id=random
  if ! vswitchd_answers; then
    ulimit -n 65535 2>/dev/null || true
    ovs-vswitchd unix:/var/run/openvswitch/db.sock \
      -vconsole:emer -vsyslog:err -vfile:info --log-file --pidfile --detach --monitor --no-chdir
  fi
}

# The group kvm may use /dev/kvm on Debian, by a udev rule. Where no udev runs the device belongs to
# root alone; libvirt, whose domains are another user's, then probes QEMU anew for every domain, and
# a start takes more than a minute.
open_kvm() {
  [ -c /dev/kvm ] && [ ! -S /run/udev/control ] || return 0
  getent group kvm >/dev/null || return 0
  local mode group
  read -r mode group < <(stat -c '%a %G' /dev/kvm)
  if (((8#$mode & 8#006) == 8#006)); then return 0; fi
  if [ "$group" = kvm ] && (((8#$mode & 8#060) == 8#060)); then return 0; fi
  chown root:kvm /dev/kvm && chmod 660 /dev/kvm
  say "/dev/kvm was $group $mode and of no use to libvirt; now root:kvm 660, as Debian's udev rule sets it"
}

# daemons DIR: makes both answer; DIR takes their first output.
daemons() {
  open_kvm
  if ! libvirt_answers; then
    if has_systemd; then
      local unit=libvirtd.service
      systemctl cat "$unit" >/dev/null 2>&1 || unit=virtqemud.socket
      noisy "$1/libvirt.log" 'starting libvirt' systemctl start "$unit"
    else
      noisy "$1/libvirt.log" 'starting libvirt (no systemd: by hand)' start_libvirt_by_hand
    fi
    until_ok 30 libvirt_answers ||
      lacks 'libvirt does not answer' 'this fails: virsh -c qemu:///system uri' \
        'read what libvirtd says when it is run in the foreground: libvirtd'
  fi
  if ! ovs_answers; then
    if has_systemd; then
      noisy "$1/ovs.log" 'starting Open vSwitch' systemctl start openvswitch-switch.service
    else
      noisy "$1/ovs.log" 'starting Open vSwitch (no systemd: by hand)' start_ovs_by_hand
    fi
    until_ok 15 ovs_answers ||
      lacks 'Open vSwitch does not answer' 'one of these fails: ovs-vsctl show, ovs-appctl version' \
        'read /var/log/openvswitch/ovsdb-server.log and ovs-vswitchd.log'
  fi
}
