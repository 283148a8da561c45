package local_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tamachi/internal/desktops/desktopstest"
	"tamachi/internal/desktops/local"
)

const authority = `-----BEGIN CERTIFICATE-----
bm90IGEgcmVhbCBjZXJ0aWZpY2F0ZQ==
-----END CERTIFICATE-----
`

func TestTheNodeIdentityOutlivesARebuild(t *testing.T) {
	h := open(t)
	s := spec(one)
	s.Node.CA = []byte(authority)
	if _, err := h.Create(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	desktopstest.WaitFor(t, "the agent's identity", func() bool {
		_, err := h.run(t, one, "test -s /var/lib/tamachi-agent/identity")
		return err == nil
	})
	facts := "cat /var/lib/tamachi-agent/identity /etc/machine-id /sys/class/net/eth0/address; hostname; ls -ln /var/lib/tamachi-agent/config.json | cut -c1-10"
	before := h.must(t, one, facts)
	if !strings.HasPrefix(before, "mi-") || !strings.Contains(before, "PC-aaaaa1") || !strings.Contains(before, "-rw-------") {
		t.Errorf("want an identity, a machine id, an address, a name and a closed file, got\n%s", before)
	}
	if _, err := h.Rebuild(t.Context(), one, ""); err != nil {
		t.Fatal(err)
	}
	if after := h.must(t, one, facts); after != before {
		t.Errorf("after a rebuild: want\n%s, got\n%s", before, after)
	}
	if out := h.must(t, one, "cat /etc/ssl/certs/ca-certificates.crt; id fujita.kouhei; cat /etc/hosts"); !strings.Contains(out, authority) ||
		!strings.Contains(out, "uid=1000") || !strings.Contains(out, h.PlaneAddr().String()+" ssmmessages.ap-northeast-1.tamachi.internal\n") {
		t.Errorf("want the authority, the user and the plane's names, got\n%s", out[max(0, len(out)-2000):])
	}
}

func TestTheAgentGetsItsActivationAndNobodyElseKeepsIt(t *testing.T) {
	h := openWith(t, "dir") // volumes that can be searched through
	s := spec(one)
	s.Node.ActivationCode = "a-code-that-is-secret-0123"
	if _, err := h.Create(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	var config local.AgentConfig
	text := h.must(t, one, "cat /var/lib/tamachi-agent/config.json")
	if err := json.Unmarshal([]byte(text), &config); err != nil {
		t.Fatal(err)
	}
	want := local.AgentConfig{
		Region: s.Node.Region, Domain: s.Node.Domain, Port: s.Node.Port, Folder: "/var/lib/tamachi-agent",
		ActivationID: s.Node.ActivationID, ActivationCode: s.Node.ActivationCode,
	}
	if config != want {
		t.Errorf("want %+v, got %+v", want, config)
	}
	err := filepath.WalkDir(h.options.Dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || strings.HasSuffix(path, "/agent/config.json") {
			return err
		}
		if text, err := os.ReadFile(path); err == nil && strings.Contains(string(text), s.Node.ActivationCode) {
			t.Errorf("the activation code is also in %s", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := h.run(t, one, "setpriv --reuid 1000 --regid 1000 --clear-groups cat /var/lib/tamachi-agent/config.json"); err == nil {
		t.Errorf("the desktop's user reads the agent's configuration: %s", out)
	}
}
