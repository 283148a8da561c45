package webaccess

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
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
	same(t, "recording", reflect.ValueOf(filmTexts("en")), reflect.ValueOf(filmTexts("ja")))
	en, ja := diagnoseTexts("en"), diagnoseTexts("ja")
	for i, w := range en.Ways {
		if ja.Ways[i].Name != w.Name {
			t.Errorf("the way %s is %s in Japanese", w.Name, ja.Ways[i].Name)
		}
	}
}
