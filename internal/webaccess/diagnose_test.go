package webaccess

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"tamachi/internal/clock"
)

func TestAnybodyFindsOutWhatIsBlocked(t *testing.T) {
	_, base := house(t, newDesk())
	if res := get(t, base+Prefix+"now"); res.StatusCode != http.StatusOK || !strings.Contains(body(t, res), `"now":1775001600000`) {
		t.Errorf("the plane's time: got %d", res.StatusCode)
	}
	for lang, want := range map[string]string{"ja": "ファイアウォール設定依頼票", "en": "Request to those who keep the firewall"} {
		page := body(t, get(t, base+Prefix+"diagnose", "Accept-Language", lang))
		if !strings.Contains(page, want) || strings.Contains(page, "<script>") || strings.Contains(page, " style=") {
			t.Errorf("%s: got %s", lang, page)
		}
	}
}

// What a new site must know is on one page, which the sign-in and the invitation
// lead to: ports, passwords and their mails, printing, and what works with which
// client.
func TestANewSiteFindsHelp(t *testing.T) {
	h := open(Options{Passes: newDesk(), Lobby: &porch{}, Clock: clock.NewFrozen(midnight), Log: slog.New(slog.DiscardHandler), MailDomain: "office.example"}, nil)
	server := httptest.NewServer(h)
	t.Cleanup(func() { h.Close(); server.Close() })
	s := server.URL
	for lang, words := range map[string][]string{
		"ja": {"ポート", "パスワード", "印刷", "マイク", "Amazon WorkSpaces クライアントでは接続できません"},
		"en": {"TCP", "password", "Printing", "Microphone", "The Amazon WorkSpaces client cannot connect"},
	} {
		page := body(t, get(t, s+Prefix+"help", "Accept-Language", lang))
		for _, want := range append(words, `<html lang="`+lang+`"`, "127.0.0.1", Prefix+"diagnose", "office.example") {
			if !strings.Contains(page, want) {
				t.Errorf("%s: want %q on it, got %s", lang, want, page)
			}
		}
		if left := regexp.MustCompile(`\{\w+\}`).FindString(page); left != "" || inline.MatchString(page) {
			t.Errorf("%s: %q is left open, or code stands in the page", lang, left)
		}
	}
	for _, m := range [][]clientRow{helpTexts("ja").Matrix, helpTexts("en").Matrix} {
		for _, row := range m {
			if len(row.Cells) != len(helpTexts("en").Features) {
				t.Errorf("%s: %d answers to %d features", row.Name, len(row.Cells), len(helpTexts("en").Features))
			}
		}
	}
	if !strings.Contains(body(t, get(t, s+Prefix)), Prefix+"help") {
		t.Error("the sign-in page does not lead to it")
	}
}

// same compares two catalogues: each word is there in both, in the same order.
func same(t *testing.T, where string, a, b reflect.Value) {
	t.Helper()
	switch a.Kind() {
	case reflect.String:
		if (a.String() == "") != (b.String() == "") {
			t.Errorf("%s: %q and %q", where, a, b)
		}
	case reflect.Slice:
		if a.Len() != b.Len() {
			t.Fatalf("%s: %d and %d", where, a.Len(), b.Len())
		}
		for i := range a.Len() {
			same(t, where, a.Index(i), b.Index(i))
		}
	case reflect.Struct:
		for i := range a.NumField() {
			same(t, where+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	}
}

func TestNewPagesSayEverythingInBothLanguages(t *testing.T) {
	same(t, "diagnose", reflect.ValueOf(diagnoseTexts("en")), reflect.ValueOf(diagnoseTexts("ja")))
	same(t, "help", reflect.ValueOf(helpTexts("en")), reflect.ValueOf(helpTexts("ja")))
	same(t, "recording", reflect.ValueOf(filmTexts("en")), reflect.ValueOf(filmTexts("ja")))
	en, ja := diagnoseTexts("en"), diagnoseTexts("ja")
	for i, w := range en.Ways {
		if ja.Ways[i].Name != w.Name {
			t.Errorf("the way %s is %s in Japanese", w.Name, ja.Ways[i].Name)
		}
	}
}
