package local_test

import (
	"errors"
	"net"
	"testing"

	"github.com/vishvananda/netlink"

	"tamachi/internal/desktops/desktopstest"
	"tamachi/internal/desktops/local"
	"tamachi/internal/desktops/local/network"
)

// A laptop comes into another office, whose network has the range of the bridge.
func TestAMachineInANetworkWithTheBridgesRange(t *testing.T) {
	h := open(t)
	d := h.create(t, "ws-moved0001")
	before := h.PlaneAddr()

	office := &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: "off" + d.ID[len(d.ID)-4:]}}
	if err := netlink.LinkAdd(office); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = netlink.LinkDel(office) })
	host := before.Next().Next()
	if err := netlink.AddrAdd(office, &netlink.Addr{IPNet: &net.IPNet{IP: host.AsSlice(), Mask: net.CIDRMask(24, 32)}}); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if p, err := local.Open(t.Context(), h.options); !errors.Is(err, network.ErrTaken) {
		t.Fatalf("open while a desktop runs in the range: want %v, got %v, %v", network.ErrTaken, p, err)
	}
	h.kill(t, d.PID)
	desktopstest.WaitFor(t, "another range for an idle folder", func() bool {
		p, err := local.Open(t.Context(), h.options)
		if err == nil {
			h.Provider = p
		}
		return err == nil
	})
	if now := h.PlaneAddr(); now == before {
		t.Errorf("want another range than that of %s", before)
	}
	if _, err := h.Start(t.Context(), d.ID); err != nil {
		t.Fatal(err)
	}
	h.reopen(t) // the range stays what it is now, with a desktop in it
	if out, err := h.run(t, d.ID, "ip route get "+h.PlaneAddr().String()); err != nil {
		t.Errorf("the way to the plane: %q, %v", out, err)
	}
}
