package webaccess

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"tamachi/internal/clock"
	"tamachi/internal/desktops"
)

// noInvitations knows no link.
type noInvitations struct{}

func (noInvitations) Guest(context.Context, string) (desktops.Guest, error) {
	return desktops.Guest{}, desktops.ErrNoPass
}

func (noInvitations) Accept(context.Context, desktops.Guest, string, string) error {
	return desktops.ErrNoPass
}

func TestWhoGuessesInvitationsMustWait(t *testing.T) {
	d := newDesk()
	h := open(Options{Passes: d, Display: d, Invitations: noInvitations{}, Clock: clock.NewFrozen(midnight), Log: slog.New(slog.DiscardHandler)}, nil)
	ask := func(origin, body string) int {
		r := httptest.NewRequest(http.MethodPost, "https://desk.example"+Prefix+"invitation/accept", strings.NewReader(body))
		r.Header.Set("Origin", origin)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	for i := range freeOfAddress + 1 {
		want := http.StatusNotFound
		if i == freeOfAddress {
			want = http.StatusTooManyRequests
		}
		if got := ask("https://desk.example", fmt.Sprintf(`{"token":"%06d","password":"x"}`, i)); got != want {
			t.Fatalf("try %d: want %d, got %d", i, want, got)
		}
	}
	for body, want := range map[string]int{"": http.StatusBadRequest, `{"token":3}`: http.StatusBadRequest, strings.Repeat("a", 20_000): http.StatusBadRequest} {
		if got := ask("https://desk.example", body); got != want {
			t.Errorf("%.20q: want %d, got %d", body, want, got)
		}
	}
	if got := ask("https://elsewhere.example", `{"token":"x"}`); got != http.StatusForbidden {
		t.Errorf("from another page: want 403, got %d", got)
	}
}

func TestTheInvitationPageIsInBothLanguages(t *testing.T) {
	names := func(v invitationView) (out []string) {
		for _, s := range v.Status {
			if s.Text == "" {
				t.Errorf("%s %s has no text", v.Lang, s.Name)
			}
			out = append(out, s.Name)
		}
		return out
	}
	ja, en := invitationTexts("ja"), invitationTexts("en")
	if !slices.Equal(names(ja), names(en)) || ja.Title == en.Title || ja.Rule == en.Rule {
		t.Errorf("want the same page in two languages, got %+v and %+v", ja, en)
	}
}
