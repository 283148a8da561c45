package join

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

const (
	hostsFile  = "/etc/hosts"
	blockBegin = "# tamachi node: begin"
	blockEnd   = "# tamachi node: end"
)

// services are the names that an agent uses below <region>.<domain>.
var services = []string{"ssm", "ssmmessages", "ec2messages", "s3", "logs", "kms", "monitoring"}

func (p *Plane) name(service string) string { return service + "." + p.Region + "." + p.Domain }

// lookUp resolves a name as programs of this host do.
func lookUp(ctx context.Context, name string) ([]netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return nil, nil // unknown, or nobody to ask: a line in the hosts file helps both
	}
	for i := range found {
		found[i] = found[i].Unmap()
	}
	return found, err
}

// unresolved are the names among some that do not lead to the plane.
func (p *Plane) unresolved(ctx context.Context, names []string) ([]string, error) {
	var out []string
	for _, name := range names {
		found, err := lookUp(ctx, name)
		if err != nil {
			return nil, fmt.Errorf("look %s up: %w", name, err)
		}
		if !slices.Contains(found, p.Address) {
			out = append(out, name)
		}
	}
	return out, nil
}

// serviceNames are those that every node needs.
func (p *Plane) serviceNames() []string {
	var out []string
	for _, s := range services {
		out = append(out, p.name(s))
	}
	return out
}

// bucketName is the host name of a bucket.
func (p *Plane) bucketName(bucket string) string { return bucket + "." + p.name("s3") }

// wildcard tells whether the host finds any bucket: a name that nobody can
// have written down leads to the plane.
func (p *Plane) wildcard(ctx context.Context, random string) (bool, error) {
	missing, err := p.unresolved(ctx, []string{p.bucketName("tamachi-" + strings.ToLower(random))})
	return err == nil && len(missing) == 0, err
}

// addNames writes names into the hosts file.
func (h *Host) addNames(p *Plane, names []string) error {
	was, err := os.ReadFile(h.path(hostsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return h.replace(hostsFile, withBlock(was, p.Address, names), 0o644)
}

// withBlock adds our lines to a hosts file, in place of those it has.
func withBlock(hosts []byte, address netip.Addr, names []string) []byte {
	out := bytes.NewBuffer(withoutBlock(hosts))
	if out.Len() > 0 && !bytes.HasSuffix(out.Bytes(), []byte("\n")) {
		out.WriteByte('\n')
	}
	fmt.Fprintln(out, blockBegin)
	for _, name := range names {
		fmt.Fprintln(out, address, name)
	}
	fmt.Fprintln(out, blockEnd)
	return out.Bytes()
}

// withoutBlock takes our lines out: from the last beginning before an end, so
// that a beginning without an end, which is not ours, is left alone.
func withoutBlock(hosts []byte) []byte {
	for at := 0; ; {
		end := bytes.Index(hosts[at:], []byte(blockEnd+"\n"))
		if end < 0 {
			return slices.Clone(hosts)
		}
		end += at
		if begin := bytes.LastIndex(hosts[:end], []byte(blockBegin+"\n")); begin >= 0 {
			return append(slices.Clone(hosts[:begin]), hosts[end+len(blockEnd)+1:]...)
		}
		at = end + len(blockEnd) + 1
	}
}
