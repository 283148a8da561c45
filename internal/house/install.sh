#!/bin/sh
# Makes this host a managed node of the plane that served this script:
#
#   curl -fsS http://PLANE:4566/_tamachi/install.sh | sudo sh -s -- \
#     --endpoint http://PLANE:4566 --ca-fingerprint SHA256 \
#     --activation-id ID --activation-code CODE
#
# The program is fetched over TLS with the CA of that fingerprint only.
set -eu

endpoint='' fingerprint=''
all="$*"
while [ $# -gt 0 ]; do
	case $1 in
	--endpoint) endpoint=${2:?--endpoint needs an address} && shift ;;
	--ca-fingerprint) fingerprint=${2:?--ca-fingerprint needs a value} && shift ;;
	esac
	shift
done
say() { echo "tamachi: $*" >&2; }
die() { say "$*"; exit 1; }

[ "$(id -u)" = 0 ] || die "a host joins as root: pipe the script to sudo sh"
[ "$(uname -s)" = Linux ] || die "nodes are Linux hosts; this is $(uname -s)"
case $(uname -m) in
x86_64) arch=amd64 ;;
aarch64) arch=arm64 ;;
*) arch=$(uname -m) ;;
esac
[ "$arch" = '@ARCH@' ] || die "the plane's program is for @ARCH@, this host is $arch: copy a tamachi for $arch here and run tamachi node join"
[ -n "$endpoint" ] || die "--endpoint is missing"
[ -n "$fingerprint" ] || die "--ca-fingerprint is missing: openssl x509 -in DATA/ca/ca.crt -noout -fingerprint -sha256 on the plane's host"
command -v curl >/dev/null || die "curl is missing"
command -v sha256sum >/dev/null || die "sha256sum is missing"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curl -fsS --max-time 30 -o "$work/ca.pem" "$endpoint/_tamachi/ca.pem" || die "the plane does not answer at $endpoint"
have=$(sed -n '/BEGIN CERT/,/END CERT/{/-----/d;p}' "$work/ca.pem" | base64 -d | sha256sum | cut -d' ' -f1)
want=$(echo "$fingerprint" | tr -d : | tr A-F a-f)
[ "$have" = "$want" ] || die "the certificate authority at $endpoint has the fingerprint $have, not $want"

address=${endpoint#*://}
address=${address%%/*}
host=${address%:*}
port=${address##*:}
facts=$(curl -fsS --max-time 30 "$endpoint/_tamachi/node.json")
region=$(echo "$facts" | sed 's/.*"Region":"\([^"]*\)".*/\1/')
domain=$(echo "$facts" | sed 's/.*"Domain":"\([^"]*\)".*/\1/')
name="ssm.$region.$domain"
curl -fsS --cacert "$work/ca.pem" --connect-to "$name:$port:$host:$port" -o "$work/tamachi" "https://$name:$port/_tamachi/agent/linux-@ARCH@" ||
	die "the program cannot be fetched over TLS"
chmod 0755 "$work/tamachi"
# shellcheck disable=SC2086 # values of these options hold no blanks
"$work/tamachi" node join --yes $all
