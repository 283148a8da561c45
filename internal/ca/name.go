package ca

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// privateRanges are the addresses that the authority may ever sign for.
var privateRanges = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"),
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("fc00::/7"), netip.MustParsePrefix("fe80::/10"),
}

func private(addr netip.Addr) bool {
	return slices.ContainsFunc(privateRanges, func(p netip.Prefix) bool { return p.Contains(addr) })
}

func permittedRanges() []*net.IPNet {
	out := make([]*net.IPNet, 0, len(privateRanges))
	for _, p := range privateRanges {
		out = append(out, &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())})
	}
	return out
}

func permits(cert *x509.Certificate, domain string) bool {
	return slices.Contains(cert.PermittedDNSDomains, domain)
}

// subject finds the names or the address of the leaf that answers a client; it
// returns none for a name that is not ours. The caller holds a.mu.
func (a *Authority) subject(hello *tls.ClientHelloInfo) ([]string, []net.IP) {
	name := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	if name == "" {
		if hello.Conn == nil {
			return nil, nil
		}
		name, _, _ = net.SplitHostPort(hello.Conn.LocalAddr().String())
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return a.address(addr.Unmap().WithZone(""))
	}
	if name == "localhost" {
		return loopback()
	}
	if !wellFormed(name) {
		return nil, nil
	}
	if name == a.o.Domain {
		return []string{name}, nil
	}
	rest, ours := strings.CutSuffix(name, "."+a.o.Domain)
	if !ours {
		return nil, nil
	}
	labels := strings.Split(rest, ".")
	n := len(labels)
	if labels[n-1] == "s3" { // the service, or a bucket, without a region
		return []string{name}, nil
	}
	if n < 2 || a.o.Region != nil && !a.o.Region(labels[n-1]) {
		return nil, nil
	}
	switch {
	case n == 2: // every service of the region by one leaf
		return []string{"*." + labels[1] + "." + a.o.Domain}, nil
	case labels[n-2] == "s3": // a bucket, whose name may hold dots
		return []string{name}, nil
	case labels[n-2] == "dualstack" && labels[n-3] == "s3":
		return []string{name}, nil
	}
	return nil, nil
}

func (a *Authority) address(addr netip.Addr) ([]string, []net.IP) {
	switch {
	case addr.IsLoopback():
		names, ips := loopback()
		if ip := net.IP(addr.AsSlice()); !slices.ContainsFunc(ips, ip.Equal) {
			ips = append(ips, ip)
		}
		return names, ips
	case a.addresses[addr]:
		return nil, []net.IP{addr.AsSlice()}
	}
	return nil, nil
}

func loopback() ([]string, []net.IP) {
	return []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
}

// wellFormed accepts host names of letters, digits and hyphens (RFC 1123).
func wellFormed(name string) bool {
	if len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, c := range label {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
				return false
			}
		}
	}
	return true
}
