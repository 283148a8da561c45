package incus_test

import (
	"net/netip"
	"strings"
	"testing"
)

func TestServerDesktopsReachThePlaneAlone(t *testing.T) {
	h := open(t)
	if _, err := h.Create(t.Context(), spec(one)); err != nil {
		t.Fatal(err)
	}
	other, err := h.Create(t.Context(), spec(two))
	if err != nil {
		t.Fatal(err)
	}
	plane := h.PlaneAddr().String()
	h.listen(t, netip.AddrPortFrom(h.PlaneAddr(), 4566), netip.AddrPortFrom(h.PlaneAddr(), 4567))
	for _, c := range []struct {
		name, host, port string
		reached          bool
	}{
		{"the plane", plane, "4566", true},
		{"another service of the server's machine", plane, "4567", false},
		{"another desktop", other.Addr.String(), "22", false},
		{"the world", "192.0.2.1", "443", false},
	} {
		out, err := h.run(t, one, "timeout 2 bash -c 'exec 3<>/dev/tcp/"+c.host+"/"+c.port+"' 2>&1")
		if (err == nil) != c.reached {
			t.Errorf("%s: want it reached: %t, got %v: %s", c.name, c.reached, err, strings.TrimSpace(out))
		}
	}
}
