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
  mkfs.btrfs:btrfs-progs mkfs.xfs:xfsprogs                       # volumes of desktops on other file systems
)

lack=()
need() {
  local what=${1%%:*} package=${1#*:}
  case $what in
    */*) [[ -e $what ]] && return ;;
    *) command -v "$what" >/dev/null && return ;;
  esac
  lack+=("$package")
}

for group in "$@"; do
  case $group in
    run) for p in "${run[@]}"; do need "$p"; done ;;
    test) for p in "${test[@]}"; do need "$p"; done ;;
    npm)
      command -v npm >/dev/null && command -v node >/dev/null && continue
      echo "tamachi: npm is missing: install Node.js 20 or later (the desktop viewer comes from npm)" >&2
      exit 2 ;;
    *) echo "install.sh: unknown group $group" >&2; exit 2 ;;
  esac
done
[[ ${#lack[@]} -eq 0 ]] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "tamachi: missing here: ${lack[*]} (names of Debian packages); install them with this system's package tool" >&2
  exit 2
fi
if [[ $(id -u) -ne 0 ]]; then
  echo "tamachi: missing here: ${lack[*]}; run: sudo apt-get install ${lack[*]}" >&2
  exit 2
fi
echo "install: ${lack[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Samba's package would start a file server on this machine.
if [[ " ${lack[*]} " == *" samba "* && ! -e /usr/sbin/policy-rc.d ]]; then
  trap 'rm -f "$log" /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod +x /usr/sbin/policy-rc.d
fi
export DEBIAN_FRONTEND=noninteractive
apt() { apt-get -q -o DPkg::Lock::Timeout=600 "$@" >>"$log" 2>&1; }
if ! { apt update && apt install -y --no-install-recommends "${lack[@]}"; }; then
  tail -n 5 "$log" >&2
  echo "tamachi: could not install ${lack[*]}" >&2
  exit 2
fi
