package intake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"tamachi/internal/desk/account"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/settings"
	"tamachi/internal/desk/shelf"
)

// The paths of the intake.
const (
	feedPath   = "/hr/feed"
	peoplePath = "/hr/people"
)

// The limits of a delivery.
const (
	maxBody   = 8 << 20
	window    = 5 * time.Minute
	minSecret = 16
	atOnce    = 4 // bodies in memory: who has no secret can send them too
)

// Intake takes deliveries, one after the other.
type Intake struct {
	world   account.World
	secret  []byte
	file    string // of the feed
	journal string
	log     func(string)

	slots chan struct{} // one for each body that is read
	mu    sync.Mutex    // guards the file and the journal
}

// Open makes the intake of the settings; nil where they have none.
func Open(w account.World, conf *settings.Settings, s shelf.Shelf, log func(string)) (*Intake, error) {
	if conf.Intake.SecretFile == "" {
		return nil, nil
	}
	b, err := os.ReadFile(conf.Intake.SecretFile)
	if err != nil {
		return nil, fmt.Errorf("hr-intake.secret-file of the settings: %w", err)
	}
	secret := bytes.TrimSpace(b)
	if len(secret) < minSecret {
		return nil, fmt.Errorf("hr-intake.secret-file of the settings: the secret has %d letters, want %d or more", len(secret), minSecret)
	}
	i := &Intake{world: w, secret: secret, file: conf.HR, journal: s.Folder("hr-intake.jsonl"), log: log, slots: make(chan struct{}, atOnce)}
	if _, err := i.current(); err != nil {
		return nil, fmt.Errorf("hr of the settings, which the intake writes: %w", err)
	}
	return i, nil
}

// Handlers are the intake's paths for the desk's server.
func (i *Intake) Handlers() map[string]http.Handler {
	return map[string]http.Handler{"POST " + feedPath: i, "POST " + peoplePath: i}
}

// refusal is why a delivery is not taken.
type refusal struct {
	status int
	text   string
}

// Error is the text.
func (r *refusal) Error() string { return r.text }

// ServeHTTP takes a delivery.
func (i *Intake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case i.slots <- struct{}{}:
		defer func() { <-i.slots }()
	default:
		i.refuse(w, r, &refusal{http.StatusServiceUnavailable, "busy; deliver it again"})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var said *Said
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		err = &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("over %d bytes", maxBody)}
	}
	if err == nil {
		said, err = i.take(context.WithoutCancel(r.Context()), r.URL.Path, r.Header, body)
	}
	if err != nil {
		i.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(said); err != nil {
		i.log(err.Error())
	}
}

func (i *Intake) refuse(w http.ResponseWriter, r *http.Request, err error) {
	i.log(fmt.Sprintf("%s: %v", r.URL.Path, err))
	no, ok := errors.AsType[*refusal](err)
	if !ok {
		no = &refusal{http.StatusInternalServerError, "our own trouble; deliver it again"}
	}
	http.Error(w, no.text, no.status)
}

// take proves a delivery and puts it into the feed.
func (i *Intake) take(ctx context.Context, path string, h http.Header, body []byte) (*Said, error) {
	now := i.world.Clock.Now()
	stamp, err := i.prove(path, h, body, now)
	if err != nil {
		return nil, err
	}
	given, err := hr.Read(bytes.NewReader(body))
	if err != nil {
		return nil, &refusal{http.StatusUnprocessableEntity, err.Error()}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	sum := sha256.Sum256([]byte(h.Get("Tamachi-Signature")))
	d := delivery{At: now.UTC(), Stamp: stamp, Sum: hex.EncodeToString(sum[:]), Path: path}
	j, last, err := i.deliveries()
	if err != nil {
		return nil, err
	}
	defer j.Close()
	again := last != nil && last.Sum == d.Sum // its answer was lost
	if last != nil && !again && stamp <= last.Stamp {
		return nil, &refusal{http.StatusConflict, "a later delivery was taken already"}
	}
	after, said, err := i.next(path, given)
	if err != nil {
		return nil, err
	}
	// The line comes first: what it says is new would be old after a crash.
	if d.Said = said; again {
		d.Said = last.Said
	} else if err := j.Append(d); err != nil {
		return nil, err
	}
	if err := shelf.Replace(i.file, after); err != nil {
		return nil, err
	}
	i.log(fmt.Sprintf("%s: %d people, %d joined, %d changed, %d left", path, d.Said.People, len(d.Said.Joined), len(d.Said.Changed), len(d.Said.Left)))
	if err := d.Said.tell(ctx, i.world, d.Sum); err != nil {
		i.log(err.Error())
	}
	return d.Said, nil
}

// prove tells whether a delivery is of who has the secret, and of now.
func (i *Intake) prove(path string, h http.Header, body []byte, now time.Time) (int64, error) {
	text := h.Get("Tamachi-Timestamp")
	given, ok := strings.CutPrefix(h.Get("Tamachi-Signature"), "v1=")
	m := hmac.New(sha256.New, i.secret)
	fmt.Fprintf(m, "v1:%s:%s:", text, path)
	m.Write(body)
	sum, err := hex.DecodeString(given)
	if !ok || err != nil || !hmac.Equal(sum, m.Sum(nil)) {
		return 0, &refusal{http.StatusUnauthorized, "the signature is not that of this body"}
	}
	stamp, err := strconv.ParseInt(text, 10, 64)
	if err != nil || time.UnixMilli(stamp).Sub(now).Abs() > window {
		return 0, &refusal{http.StatusUnauthorized, "the timestamp is not of now, in milliseconds"}
	}
	return stamp, nil
}

// next is the feed with what was delivered, and what is new in it.
func (i *Intake) next(path string, given *hr.Feed) ([]byte, *Said, error) {
	before, err := i.current()
	if err != nil {
		return nil, nil, err
	}
	after := given
	if path == peoplePath {
		if after, err = before.With(given); err != nil {
			return nil, nil, &refusal{http.StatusUnprocessableEntity, err.Error()}
		}
	}
	b, err := after.JSON()
	return b, compare(before, after, i.world.Clock.Now()), err
}

// current is the feed as it is; empty where there is none yet.
func (i *Intake) current() (*hr.Feed, error) {
	f, err := hr.Open(i.file, nil)
	if errors.Is(err, os.ErrNotExist) {
		return &hr.Feed{}, nil
	}
	return f, err
}
