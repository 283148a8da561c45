#!/bin/bash
# Installs what is missing of the groups named: run, test, npm. On Debian and
# Ubuntu as root it installs; elsewhere it names what is missing and exits 2.
# Prints nothing when all is there.
set -euo pipefail

# name of what must be there : Debian package. A name with a slash is a file,
# another is a program on PATH.
run=(
  mmdebstrap:mmdebstrap                                          # makes the desktops' image
  /usr/share/keyrings/debian-archive-keyring.gpg:debian-archive-keyring
)
test=(
  gcc:gcc /usr/include/stdlib.h:libc6-dev                        # the race detector
  Xvnc:tigervnc-standalone-server xterm:xterm openbox:openbox xclip:xclip
  chromium:chromium
  aws:awscli
  curl:curl update-ca-certificates:ca-certificates               # a host that joins the plane
  git:git
  samba:samba /usr/share/samba/setup/provision.ldif:samba-ad-provision  # a directory of somebody else
  "/usr/lib/$(uname -m)-linux-gnu/samba/ldb/samba_dsdb.so:samba-dsdb-modules" "/usr/lib/$(uname -m)-linux-gnu/samba/vfs/acl_xattr.so:samba-vfs-modules"
  winbindd:winbind ip:iproute2
  exim4:exim4-daemon-light                                       # a mail server of somebody else
  ldapsearch:ldap-utils                                          # another client of the directory
  mkfs.btrfs:btrfs-progs mkfs.xfs:xfsprogs                       # volumes of desktops on other file systems
)
# The server of desktops in containers, of Debian alone. Where it cannot be had
# the test run says so and goes on.
incus=(/usr/libexec/incus/incusd:incus-base dnsmasq:dnsmasq-base mkfs.btrfs:btrfs-progs)

lack=()
need() {
  local what=${1%%:*} package=${1#*:}
  case $what in
    */*) [[ -e $what ]] && return ;;
    *) command -v "$what" >/dev/null && return ;;
  esac
  lack+=("$package")
}

# want_incus asks for Incus where Debian has it: from 13 on in its main archive,
# for 12 in the backports, from which it and its two libraries alone are taken.
want_incus() {
  local PATH=$PATH:/usr/sbin:/sbin ID='' VERSION_ID='' had=${#lack[@]}
  [[ $(id -u) -eq 0 && -e /etc/os-release ]] && command -v apt-get >/dev/null || return 0
  . /etc/os-release
  [[ $ID == debian && ${VERSION_ID%%.*} -ge 12 ]] || return 0
  for p in "${incus[@]}"; do need "$p"; done
  optional=("${lack[@]:$had}")
  lack=("${lack[@]:0:$had}")
  [[ ${#optional[@]} -eq 0 || $VERSION_ID != 12 ]] && return 0
  cat >/etc/apt/sources.list.d/tamachi-incus.sources <<'END'
Types: deb
URIs: http://deb.debian.org/debian
Suites: bookworm-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END
  cat >/etc/apt/preferences.d/tamachi-incus <<'END'
Package: *
Pin: release n=bookworm-backports
Pin-Priority: -1

Package: incus-base incus-client libcowsql0 libraft0
Pin: release n=bookworm-backports
Pin-Priority: 500
END
}

optional=()
for group in "$@"; do
  case $group in
    run) for p in "${run[@]}"; do need "$p"; done ;;
    test) for p in "${test[@]}"; do need "$p"; done; want_incus ;;
    npm)
      command -v npm >/dev/null && command -v node >/dev/null && continue
      echo "tamachi: npm is missing: install Node.js 20.19 or later (the desktop viewer and the console are built with npm)" >&2
      exit 2 ;;
    *) echo "install.sh: unknown group $group" >&2; exit 2 ;;
  esac
done
[[ ${#lack[@]} -eq 0 && ${#optional[@]} -eq 0 ]] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "tamachi: missing here: ${lack[*]} (names of Debian packages); install them with this system's package tool" >&2
  exit 2
fi
if [[ $(id -u) -ne 0 ]]; then
  echo "tamachi: missing here: ${lack[*]}; run: sudo apt-get install ${lack[*]}" >&2
  exit 2
fi
echo "install: ${lack[*]} ${optional[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Samba's package would start a file server on this machine, Exim's a mail server, and Incus's a server of containers.
if [[ ! -e /usr/sbin/policy-rc.d ]]; then
  trap 'rm -f "$log" /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
fi
export DEBIAN_FRONTEND=noninteractive
apt() { apt-get -q -o DPkg::Lock::Timeout=600 "$@" >>"$log" 2>&1; }
if [[ ${#optional[@]} -gt 0 ]] && ! { apt update && apt install -y --no-install-recommends "${optional[@]}"; }; then
  tail -n 2 "$log" >&2
  echo "install: could not install ${optional[*]}; what needs it will be left out" >&2
  rm -f /etc/apt/sources.list.d/tamachi-incus.sources /etc/apt/preferences.d/tamachi-incus
fi
[[ ${#lack[@]} -eq 0 ]] && exit 0
if ! { apt update && apt install -y --no-install-recommends "${lack[@]}"; }; then
  tail -n 5 "$log" >&2
  echo "tamachi: could not install ${lack[*]}" >&2
  exit 2
fi
