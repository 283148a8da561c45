#!/bin/bash
# `make run`: everything from a fresh clone to a plane with a sample office and
# its morning check. What cannot work is said in one line before anything is
# built or installed; exit 2 then. A second run keeps data and office.
#   TAMACHI_DATA    data folder, default ./data
#   TAMACHI_LISTEN  address and port, default 127.0.0.1:4566
set -uo pipefail
cd "$(dirname "$0")/.."

data=${TAMACHI_DATA:-$PWD/data}
listen=${TAMACHI_LISTEN:-127.0.0.1:4566}
need_mib=6144 # image and its build 3 GiB, Go's build cache 1 GiB, desktops
began=$SECONDS

stop_here() { echo "tamachi: $*" >&2; exit 2; }
step() { printf '[%3ds] %s\n' $((SECONDS - began)) "$*"; }

[[ $(uname -s) == Linux ]] || stop_here "desktops are made of Linux namespaces: run it on Linux, not on $(uname -s)"
[[ $(id -u) -eq 0 ]] || stop_here "desktops are made of namespaces, mounts and a bridge: run it as root (sudo make run)"
command -v go >/dev/null || stop_here "Go is missing: install Go 1.26 or later"
command -v npm >/dev/null || stop_here "npm is missing: install Node.js 20.19 or later"
if (exec 3<>"/dev/tcp/${listen%:*}/${listen##*:}") 2>/dev/null; then
  stop_here "$listen is in use by another program: stop it, or set TAMACHI_LISTEN to another address"
fi
parent=$data
while [[ ! -d $parent ]]; do parent=$(dirname "$parent"); done
for place in "$parent" "$PWD"; do
  free=$(df -Pm "$place" | awk 'NR == 2 { print $4 }')
  ((free >= need_mib)) || stop_here "$place has $free MiB free, $need_mib are needed"
done

step "install what is missing"
scripts/install.sh run || exit 2
step "build ./tamachi"
make build >/dev/null || exit 1

step "start the plane over $data"
exec {from}< <(exec ./tamachi serve --data "$data" --listen "$listen")
plane=$!
trap 'kill -TERM "$plane" 2>/dev/null' INT TERM
http="" https=""
while read -r -u "$from" word http https; do
  [[ $word == ready ]] && break
done
if [[ -z $http ]]; then
  wait "$plane"
  exit $?
fi
step "ready: $http $https"

go_on() {
  eval "$(./tamachi env --data "$data")" || return
  step "sample office"
  ./tamachi office up || return
  step "morning check"
  ./tamachi morning
  (($? < 2)) || return # 1 is: found something
  cat <<END

In another shell:
  eval "\$($PWD/tamachi env --data $data)"
  aws workspaces describe-workspaces
  $PWD/tamachi morning --fix
  $PWD/tamachi desktop open ws-...
API: $http and $https (CA: see tamachi env --https). Data: $data. Ctrl-C stops the plane; desktops live on.
END
}
go_on || echo "tamachi: the plane runs, but the office or the morning check failed (see above)" >&2

# The plane's further output is for the reader; its end is ours. A signal ends
# wait early, the plane drains after it.
cat <&"$from" &
while wait "$plane"; ended=$?; ((ended > 128)) && kill -0 "$plane" 2>/dev/null; do :; done
exit "$ended"
