package slack

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tamachi/internal/notify"
	"tamachi/internal/notify/notifytest"
)

// server is Slack's own test server, with what was posted to it.
func server(t *testing.T) (address string, posted func() []url.Values) {
	t.Helper()
	s, err := notifytest.OpenSlack()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s.Address, s.Posted
}

func TestPost(t *testing.T) {
	address, posted := server(t)
	w := New("xoxb-test", address)
	id, err := w.Post(t.Context(), notify.ChatMessage{To: "#aws_ops", Text: "復旧しました <!everyone> & <@U1>"})
	if err != nil || id == "" {
		t.Fatalf("want an id, got %q, %v", id, err)
	}
	_, err = w.Post(t.Context(), notify.ChatMessage{
		To: "U024BE7LH", Thread: id, Text: "agree?", Everyone: true,
		Buttons: []notify.Button{{Label: [2]string{"Agree", "承認"}, Action: "approve", Value: "a-1"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := posted()
	if len(seen) != 2 || seen[0].Get("channel") != "#aws_ops" || seen[0].Get("text") != "復旧しました &lt;!everyone&gt; &amp; &lt;@U1&gt;" {
		t.Fatalf("want the text without a call to anybody, got %+v", seen)
	}
	if seen[1].Get("thread_ts") != id || seen[1].Get("text") != "<!channel> agree?" || !strings.Contains(seen[1].Get("blocks"), `"value":"a-1"`) {
		t.Errorf("want the second in the first one's thread, to everyone, with its button; got %+v", seen[1])
	}
}

func TestWhatSlackRefuses(t *testing.T) {
	for answer, want := range map[string]bool{"channel_not_found": true, "internal_error": false} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"ok":false,"error":"` + answer + `"}`))
		}))
		_, err := New("t", s.URL).Post(t.Context(), notify.ChatMessage{To: "#x", Text: "x"})
		s.Close()
		if err == nil || errors.Is(err, notify.ErrRefused) != want {
			t.Errorf("%s: want for good %t, got %v", answer, want, err)
		}
	}
}

const payload = `{"type":"block_actions","user":{"id":"U024BE7LH"},"actions":[{"action_id":"approve","value":"a-1","type":"button","block_id":"b"}]}`

func TestClicks(t *testing.T) {
	got, err := Clicks(notifytest.Click("secret", payload, time.Now()), "secret")
	if err != nil || len(got) != 1 || got[0] != (notify.Click{Member: "U024BE7LH", Action: "approve", Value: "a-1"}) {
		t.Errorf("want the click, got %+v, %v", got, err)
	}
	forged := map[string]*http.Request{
		"another secret":                     notifytest.Click("other", payload, time.Now()),
		"an old one, sent again":             notifytest.Click("secret", payload, time.Now().Add(-6*time.Minute)),
		"nothing signed":                     httptest.NewRequest(http.MethodPost, "/slack", strings.NewReader("payload="+url.QueryEscape(payload))),
		"a signature of another member's":    notifytest.Click("secret", payload, time.Now()),
		"a signature that is no hexadecimal": notifytest.Click("secret", payload, time.Now()),
	}
	other := url.Values{"payload": {strings.Replace(payload, "U024BE7LH", "U000000", 1)}}.Encode()
	forged["a signature of another member's"].Body = http.NoBody
	forged["a signature of another member's"].Body = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(other)).Body
	forged["a signature that is no hexadecimal"].Header.Set("X-Slack-Signature", "v0=zz")
	for name, r := range forged {
		if got, err := Clicks(r, "secret"); !errors.Is(err, ErrForged) {
			t.Errorf("%s: want it refused, got %+v, %v", name, got, err)
		}
	}
	if _, err := Clicks(notifytest.Click("", payload, time.Now()), ""); !errors.Is(err, ErrForged) {
		t.Error("want nothing believed without a secret")
	}
}

func FuzzClicks(f *testing.F) {
	f.Add(payload)
	f.Add(`{"type":"block_actions","actions":[null]}`)
	f.Add(`{"actions":{}}`)
	now := time.Now()
	f.Fuzz(func(t *testing.T, payload string) {
		got, err := Clicks(notifytest.Click("secret", payload, now), "secret")
		if err != nil && len(got) > 0 {
			t.Fatalf("want no click with an error, got %+v", got)
		}
	})
}
