package local_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"

	"tamachi/internal/desktops"
	"tamachi/internal/desktops/desktopstest"
)

// orange is a picture of one colour, 4 by 3, as PNG in base64.
func orange(t *testing.T) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 4, 3))
	for i := range 12 {
		m.Set(i%4, i/4, color.RGBA{R: 0xf0, G: 0x80, B: 0x10, A: 0xff})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// TestADesktopCarriesPoliciesOut: groups, a wallpaper, a logon script and what
// software may be started, from the next start on and in a running session.
func TestADesktopCarriesPoliciesOut(t *testing.T) {
	h := open(t)
	h.create(t, one)
	h.must(t, one, `mkdir -p /opt/company
		echo `+orange(t)+` | base64 -d > /opt/company/wall.png
		printf '#!/bin/sh\nid -Gn > /home/fujita.kouhei/logon\n' > /opt/company/logon.sh; chmod 755 /opt/company/logon.sh`)
	if err := h.Stop(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	dress := func(g desktops.Guise) {
		t.Helper()
		if err := h.Dress(t.Context(), one, g); err != nil {
			t.Fatal(err)
		}
	}
	worn := func(what string, holds func(desktops.Worn) bool) {
		t.Helper()
		desktopstest.WaitFor(t, what, func() bool {
			w, err := h.Worn(t.Context(), one)
			return err == nil && holds(w)
		})
	}
	state := func(setting string) func(desktops.Worn) bool {
		return func(w desktops.Worn) bool { return w.Settings[setting].State == desktops.Carried }
	}
	dress(desktops.Guise{
		Groups: []string{"Wallpaper-Free", "Sales Team", "営業部", "shadow"}, Wallpaper: "/opt/company/wall.png", LogonScript: "/opt/company/logon.sh",
	})
	if _, err := h.Start(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	worn("the logon script to end", state(desktops.SettingLogonScript))
	if got := strings.Fields(h.must(t, one, "cat /home/fujita.kouhei/logon")); strings.Join(slices.Sorted(slices.Values(got)), " ") != "Sales_Team Wallpaper-Free directory-shadow fujita.kouhei 営業部" {
		t.Errorf("the groups of the session: got %q", got)
	}
	if got := h.must(t, one, "id -Gn fujita.kouhei; runuser -u fujita.kouhei cat /etc/shadow >/dev/null 2>&1 && echo read; true"); strings.Contains(got, "read") || !strings.Contains(got, "営業部") {
		t.Errorf("the groups by name, and none of the desktop's own: got %q", got)
	}
	conn, err := h.DialDisplay(t.Context(), one)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := desktopstest.AwaitCorner(conn, []byte{0x10, 0x80, 0xf0}, patience); err != nil {
		t.Errorf("the wallpaper: %v", err)
	}

	// Somebody is there when the policies change.
	start := func() error {
		_, err := h.run(t, one, "runuser -u fujita.kouhei -- xterm -version")
		return err
	}
	if err := start(); err != nil {
		t.Errorf("before there is a list: want xterm to start, got %v", err)
	}
	dress(desktops.Guise{Groups: []string{"Sales Team"}, Software: []string{"firefox"}})
	worn("the list of software", state(desktops.SettingSoftware))
	if err := start(); err == nil || !strings.Contains(err.Error(), "ermission denied") {
		t.Errorf("xterm is not on the list: want it refused, got %v", err)
	}
	if got := h.must(t, one, "id -Gn fujita.kouhei"); got != "fujita.kouhei Sales_Team\n" {
		t.Errorf("after the change: got %q", got)
	}
	dress(desktops.Guise{LogonScript: "/netlogon/drives.sh", Wallpaper: "/opt/company/gone.png"})
	worn("the other list", func(w desktops.Worn) bool { _, has := w.Settings[desktops.SettingSoftware]; return !has })
	if err := start(); err != nil {
		t.Errorf("without a list: want xterm to start, got %v", err)
	}
	if err := h.Stop(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Start(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	worn("the missing script to be told", func(w desktops.Worn) bool {
		return w.Settings[desktops.SettingLogonScript] == desktops.Effect{State: desktops.Amiss, Detail: "/netlogon/drives.sh: no such file on the desktop"}
	})
	if got := h.must(t, one, "cat /var/log/tamachi/policy.json"); !strings.Contains(got, "no such file on the desktop") || !strings.Contains(got, "gone.png") {
		t.Errorf("what is found in the desktop: got %s", got)
	}
	// A desktop says what it likes.
	h.must(t, one, "cd /var/lib/tamachi-signals; rm worn.json; ln -s /etc/passwd worn.json")
	if w, err := h.Worn(t.Context(), one); err == nil {
		t.Errorf("a link for an answer: want an error, got %+v", w)
	}
}

// TestAnAdministratorHasSudo: root in their own desktop, while they are one, and
// nobody on the host.
func TestAnAdministratorHasSudo(t *testing.T) {
	h := open(t)
	h.create(t, one)
	const who = "runuser -u fujita.kouhei -- sudo -n sh -c 'id -u; touch /root/by-sudo'"
	if out, err := h.run(t, one, who); err == nil {
		t.Fatalf("nobody made them one: want sudo refused, got %q", out)
	}
	for _, granted := range []bool{true, false} {
		if err := h.Dress(t.Context(), one, desktops.Guise{Administrator: granted}); err != nil {
			t.Fatal(err)
		}
		desktopstest.WaitFor(t, "the right to be carried out", func() bool {
			w, err := h.Worn(t.Context(), one)
			return err == nil && (w.Settings[desktops.Administering].State == desktops.Carried) == granted
		})
		if out, err := h.run(t, one, who); (err == nil) != granted || granted && out != "0\n" {
			t.Errorf("administrator %v: got %q, %v", granted, out, err)
		}
	}
}
