package intake

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/report"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
	"tamachi/internal/notify"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

const secret = "a secret of the two of us"

// room is an intake with a folder, a clock and somebody who hears.
type room struct {
	*Intake
	clock *clock.Frozen
	file  string
	posts []notify.Post
}

func newRoom(t testing.TB) *room {
	t.Helper()
	dir := t.TempDir()
	r := &room{clock: clock.NewFrozen(noon), file: filepath.Join(dir, "people.json")}
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := shelf.In(func(string) string { return dir })
	if err != nil {
		t.Fatal(err)
	}
	w := account.World{Clock: r.clock, Tell: func(_ context.Context, p notify.Post) error { r.posts = append(r.posts, p); return nil }}
	conf := &settings.Settings{HR: r.file, Intake: settings.Intake{SecretFile: filepath.Join(dir, "secret")}}
	if r.Intake, err = Open(w, conf, s, func(string) {}); err != nil {
		t.Fatal(err)
	}
	return r
}

// sent is a signed delivery.
func sent(key, path, body string, at time.Time) *http.Request {
	stamp := strconv.FormatInt(at.UnixMilli(), 10)
	m := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(m, "v1:%s:%s:%s", stamp, path, body)
	q := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	q.Header.Set("Tamachi-Timestamp", stamp)
	q.Header.Set("Tamachi-Signature", "v1="+hex.EncodeToString(m.Sum(nil)))
	return q
}

func (r *room) deliver(q *http.Request) (int, string) {
	rec := httptest.NewRecorder()
	r.ServeHTTP(rec, q)
	return rec.Code, strings.TrimSpace(rec.Body.String())
}

const whole = "アカウント,姓,名,状態,グループ\ntakeda.hanako,武田,花子,入社,CAD\nsuzuki.ichiro,鈴木,一郎,在籍,Sales\n"

func TestDeliveries(t *testing.T) {
	r := newRoom(t)
	first := sent(secret, feedPath, whole, noon)
	if code, said := r.deliver(first); code != http.StatusOK || said != `{"people":2,"joined":["takeda.hanako","suzuki.ichiro"],"changed":[],"left":[]}` {
		t.Fatalf("got %d %s", code, said)
	}
	if info, err := os.Stat(r.file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("want a file of mode 0600, got %v, %v", info, err)
	}
	r.clock.Advance(time.Second)
	for _, row := range []struct {
		name string
		q    *http.Request
		want int
		says string
	}{
		{"the same again, whose answer was lost", sent(secret, feedPath, whole, noon), 200, `"joined":["takeda.hanako","suzuki.ichiro"]`},
		{"an older one", sent(secret, feedPath, whole, noon.Add(-time.Second)), 409, "a later delivery"},
		{"another body of the same time", sent(secret, feedPath, whole+"\n", noon), 409, "a later delivery"},
		{"another secret", sent("another", feedPath, whole, noon.Add(time.Second)), 401, "the signature"},
		{"a delivery for the other path", replayed(sent(secret, feedPath, whole, noon.Add(time.Second)), peoplePath), 401, "the signature"},
		{"no signature", httptest.NewRequest(http.MethodPost, feedPath, strings.NewReader(whole)), 401, "the signature"},
		{"an hour old", sent(secret, feedPath, whole, noon.Add(-time.Hour)), 401, "the timestamp"},
		{"an hour early", sent(secret, feedPath, whole, noon.Add(time.Hour)), 401, "the timestamp"},
		{"what is no feed", sent(secret, feedPath, "account,state\nx,vacation\n", noon.Add(time.Second)), 422, `line 2: the state "vacation" is not known`},
		{"too much", sent(secret, feedPath, strings.Repeat("x", maxBody+1), noon.Add(time.Second)), 413, "over 8388608 bytes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if code, said := r.deliver(row.q); code != row.want || !strings.Contains(said, row.says) {
				t.Errorf("want %d %q, got %d %s", row.want, row.says, code, said)
			}
		})
	}
	if f, err := hr.Open(r.file, nil); err != nil || len(f.People) != 2 || f.Of("takeda.hanako").Surname != "武田" {
		t.Errorf("want the feed as it was delivered, got %+v, %v", f, err)
	}

	// One leaves, one moves, one comes: by an event each, or three in one.
	r.clock.Advance(time.Minute)
	code, said := r.deliver(sent(secret, peoplePath, `[{"account":"Suzuki.Ichiro","state":"退職"},{"account":"takeda.hanako","groups":["CAD","Sales"]},{"account":"ono.yuki"}]`, r.clock.Now()))
	if code != http.StatusOK || said != `{"people":3,"joined":["ono.yuki"],"changed":["takeda.hanako"],"left":["Suzuki.Ichiro"]}` {
		t.Errorf("got %d %s", code, said)
	}
	last := r.posts[len(r.posts)-1]
	if last.Topic != "people" || last.What[0] != "The personnel department reports: 1 new, 1 changed, 1 left" || r.posts[0].ID != r.posts[1].ID {
		t.Errorf("want the team told, the repeated delivery by the same id, got %+v", r.posts)
	}
	if f, err := hr.Open(r.file, nil); err != nil || len(f.People) != 3 || f.Of("suzuki.ichiro").State != hr.Left {
		t.Errorf("want three people, got %+v, %v", f, err)
	}
}

// replayed is a proved delivery at another path.
func replayed(q *http.Request, path string) *http.Request {
	q.URL.Path = path
	return q
}

// TestKilledBeforeTheFile ends a process between the line and the file: the
// delivery, repeated, is taken whole.
func TestKilledBeforeTheFile(t *testing.T) {
	r := newRoom(t)
	held := r.file
	r.Intake.file = "/proc/nothing/people.json" // nothing is there, and nothing can be
	if code, _ := r.deliver(sent(secret, feedPath, whole, noon)); code != http.StatusInternalServerError {
		t.Fatalf("want our own trouble, got %d", code)
	}
	if j, last, err := r.deliveries(); err != nil || last == nil || j.Close() != nil {
		t.Fatalf("want the line, got %+v, %v", last, err)
	}
	r.Intake.file = held
	code, said := r.deliver(sent(secret, feedPath, whole, noon))
	if f, err := hr.Open(r.file, nil); code != http.StatusOK || !strings.Contains(said, `"joined":["takeda.hanako"`) || err != nil || len(f.People) != 2 {
		t.Errorf("want it taken whole, got %d %s, %v", code, said, err)
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	s, err := shelf.In(func(string) string { return dir })
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"short": "x", "good": secret, "feed": "account,state\nx,vacation\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct{ name, secret, feed, want string }{
		{"a secret that can be guessed", "short", "none.json", "the secret has 1 letters"},
		{"no secret", "absent", "none.json", "no such file"},
		{"a feed that nobody understands", "good", "feed", "the state"},
	} {
		conf := &settings.Settings{HR: filepath.Join(dir, row.feed), Intake: settings.Intake{SecretFile: filepath.Join(dir, row.secret)}}
		if _, err := Open(account.World{}, conf, s, nil); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: want %q, got %v", row.name, row.want, err)
		}
	}
	if none, err := Open(account.World{}, &settings.Settings{}, s, nil); none != nil || err != nil {
		t.Errorf("want none without a secret, got %v, %v", none, err)
	}
}

func TestMessagesAreInBothLanguages(t *testing.T) {
	for _, gap := range report.Gaps(text) {
		t.Error(gap)
	}
}

// FuzzDelivery takes signed deliveries of anything: what is taken can be read
// again, and what is not leaves the feed as it was.
func FuzzDelivery(f *testing.F) {
	f.Add(whole, false)
	f.Add(`{"people":[{"id":1,"氏名":"小野 ユウキ","end":"2026-01-01"}]}`, true)
	f.Fuzz(func(t *testing.T, body string, some bool) {
		r := newRoom(t)
		if code, said := r.deliver(sent(secret, feedPath, whole, noon)); code != http.StatusOK {
			t.Fatal(code, said)
		}
		path := feedPath
		if some {
			path = peoplePath
		}
		code, _ := r.deliver(sent(secret, path, body, noon.Add(time.Second)))
		feed, err := hr.Open(r.file, nil)
		if err != nil || code != http.StatusOK && len(feed.People) != 2 {
			t.Errorf("after %d: %+v, %v", code, feed, err)
		}
	})
}
