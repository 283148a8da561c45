package join

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// store is a kind of trust store: a folder of further authorities and the
// command that takes them over.
type store struct {
	folder, name string
	add, remove  []string
}

// stores are those of the distributions. Sources: update-ca-certificates(8) of
// Debian and of SUSE, update-ca-trust(8).
var stores = []store{
	{"/usr/local/share/ca-certificates", "tamachi-node.crt", []string{"update-ca-certificates"}, []string{"update-ca-certificates"}},
	{"/etc/pki/ca-trust/source/anchors", "tamachi-node.pem", []string{"update-ca-trust", "extract"}, []string{"update-ca-trust", "extract"}},
	{"/etc/pki/trust/anchors", "tamachi-node.pem", []string{"update-ca-certificates"}, []string{"update-ca-certificates"}},
}

// bundles are the files that programs read where there is no such command.
var bundles = []string{"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}

// trust puts the plane's authority into the host's trust store.
func (h *Host) trust(ctx context.Context, ca []byte) error {
	for _, s := range stores {
		if _, err := exec.LookPath(s.add[0]); err != nil || !h.exists(s.folder) && s.folder[:5] != "/usr/" {
			continue
		}
		h.record.Trust = s.remove
		if err := h.replace(s.folder+"/"+s.name, ca, 0o644); err != nil {
			return err
		}
		err := run(ctx, s.add[0], s.add[1:]...)
		return err
	}
	for _, b := range bundles {
		was, err := os.ReadFile(h.path(b))
		if err == nil {
			return h.replace(b, slices.Concat(was, ca), 0o644)
		}
	}
	return h.replace(bundles[0], ca, 0o644)
}

// distrust has the trust store read again once the authority is gone.
func (h *Host) distrust(ctx context.Context) error {
	if len(h.record.Trust) == 0 {
		return nil
	}
	if err := run(ctx, h.record.Trust[0], h.record.Trust[1:]...); err != nil {
		return fmt.Errorf("read the trust store again: %w", err)
	}
	return h.unlink()
}

// linkFolder is where update-ca-certificates links each authority, by its name
// and by its hash. Without --fresh, which would touch others' links too, it may
// leave those of one that is gone.
const linkFolder = "/etc/ssl/certs"

func (h *Host) unlink() error {
	all, err := os.ReadDir(h.path(linkFolder))
	if err != nil {
		return nil //nolint:nilerr // there are no links
	}
	for _, e := range all {
		target, err := os.Readlink(h.path(linkFolder + "/" + e.Name()))
		if err == nil && strings.HasPrefix(filepath.Base(target), "tamachi-node.") {
			if err := os.Remove(h.path(linkFolder + "/" + e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
