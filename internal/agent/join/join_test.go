package join

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// open is a host whose files are in a folder of the test.
func open(t *testing.T) *Host {
	t.Helper()
	h := &Host{Root: t.TempDir(), Clock: clock.Real{}, IDs: id.Seeded(1), Say: t.Logf}
	for p, text := range map[string]string{
		"/etc/hosts": "127.0.0.1 localhost", "/etc/amazon/ssm/amazon-ssm-agent.json": `{"Agent":{"Region":"x","Other":1},"Mds":{}}`, "/var/lib/other": "",
	} {
		if err := os.MkdirAll(filepath.Dir(h.path(p)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(h.path(p), []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(h.path(p), time.Time{}, time.Unix(1_000_000_000, 0)); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// tree is all of a host: content, mode and time of each file.
func (h *Host) tree(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(h.Root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || p == h.Root {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		out[p] = info.Mode().String()
		if !d.IsDir() {
			b, err := os.ReadFile(p)
			out[p] += " " + info.ModTime().String() + " " + string(b)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var somePlane = &Plane{Endpoint: "http://10.0.0.5:4566", Region: "eu-west-1", Domain: "ops.test", Port: 4566, Address: netip.MustParseAddr("10.0.0.5"), CA: []byte("CA\n")}

// change makes all the changes to files that a join makes.
func (h *Host) change(t *testing.T) {
	t.Helper()
	h.record = record{Endpoint: somePlane.Endpoint, Agent: Amazon}
	steps := []error{
		h.begin(), h.addNames(somePlane, []string{"ssm.eu-west-1.ops.test"}), h.replace("/new/deep/file", []byte("x"), 0o600),
		h.configure(somePlane, "a", "secret"),
	}
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
}

func TestEveryFileIsAsItWas(t *testing.T) {
	h := open(t)
	before := h.tree(t)
	h.change(t)
	hosts, err := os.ReadFile(h.path(hostsFile))
	if want := "127.0.0.1 localhost\n" + blockBegin + "\n10.0.0.5 ssm.eu-west-1.ops.test\n" + blockEnd + "\n"; err != nil || string(hosts) != want {
		t.Errorf("hosts: got %q (%v), want %q", hosts, err, want)
	}
	again := &Host{Root: h.Root, Clock: h.Clock, IDs: h.IDs, Say: t.Logf} // another run of the program
	if err := again.load(); err != nil {
		t.Fatal(err)
	}
	if err := again.undoAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := h.tree(t); !maps.Equal(before, after) {
		t.Errorf("the host is not as it was:\n got %q\nwant %q", after, before)
	}
	if err := again.load(); !errors.Is(err, ErrNotJoined) {
		t.Errorf("load: got %v, want %v", err, ErrNotJoined)
	}
}

func TestWhatOthersChangedSinceIsKept(t *testing.T) {
	h := open(t)
	h.change(t)
	hosts, err := os.ReadFile(h.path(hostsFile))
	if err != nil {
		t.Fatal(err)
	}
	for p, text := range map[string]string{
		hostsFile: string(hosts) + "10.9.9.9 printer\n", amazonConfig: "{}",
	} {
		if err := os.WriteFile(h.path(p), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.undoAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	for p, want := range map[string]string{hostsFile: "127.0.0.1 localhost\n10.9.9.9 printer\n", amazonConfig: "{}"} {
		if got, err := os.ReadFile(h.path(p)); err != nil || string(got) != want {
			t.Errorf("%s: got %q (%v), want %q", p, got, err, want)
		}
	}
}

func TestConfigurationOfTheInstalledAgent(t *testing.T) {
	h := open(t)
	h.change(t)
	got, err := os.ReadFile(h.path(amazonConfig))
	if err != nil || !bytes.Contains(got, []byte(`"ServiceDomain": "ops.test:4566"`)) || !bytes.Contains(got, []byte(`"Other": 1`)) || !bytes.Contains(got, []byte(`"Mds"`)) {
		t.Errorf("got %s (%v), want the service domain beside what was there", got, err)
	}
	if _, err := amazonJSON([]byte("{"), somePlane); err == nil {
		t.Error("a broken configuration was accepted")
	}
}

func TestFingerprints(t *testing.T) {
	const ca = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n"
	const sum = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"
	for _, row := range []struct {
		name, ca, fingerprint string
		ok                    bool
	}{
		{"as it is", ca, sum, true},
		{"as openssl prints it", ca, "03:90:58:C6:F2:C0:CB:49:2C:53:3B:0A:4D:14:EF:77:CC:0F:78:AB:CC:CE:D5:28:7D:84:A1:A2:01:1C:FB:81", true},
		{"another", ca, "00" + sum[2:], false},
		{"the beginning only", ca, sum[:16], false},
		{"none", ca, "", false},
		{"two certificates", ca + ca, sum, false},
		{"no certificate", "hello", sum, false},
	} {
		if err := pinned([]byte(row.ca), row.fingerprint); (err == nil) != row.ok {
			t.Errorf("%s: got %v, want ok %t", row.name, err, row.ok)
		}
	}
}

func FuzzHostsFile(f *testing.F) {
	f.Add([]byte("127.0.0.1 localhost"))
	f.Add([]byte(blockBegin + "\n" + blockEnd + "\nx"))
	f.Fuzz(func(t *testing.T, hosts []byte) {
		plain := withoutBlock(hosts)
		if bytes.Contains(plain, []byte(blockEnd)) {
			return // several blocks, or an end without a beginning, are not ours
		}
		got := withoutBlock(withBlock(plain, somePlane.Address, []string{"a.b"}))
		if want := bytes.TrimSuffix(plain, []byte("\n")); !bytes.Equal(bytes.TrimSuffix(got, []byte("\n")), want) {
			t.Errorf("got %q, want %q", got, plain)
		}
	})
}
