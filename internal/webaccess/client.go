package webaccess

import (
	"context"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"

	"tamachi/internal/desktops"
)

// sessionOf is a stream of a visit, as its request tells.
func (h *Handler) sessionOf(r *http.Request, v desktops.Visit) desktops.Session {
	return desktops.Session{
		Visit: v, Client: client(r), UserAgent: r.UserAgent(), Platform: platform(r), Browser: browser(r.UserAgent()), Opened: h.o.Clock.Now(),
	}
}

// failed tells of a stream that was not to be. The page asks again and again:
// the same is told once a minute.
func (h *Handler) failed(ctx context.Context, s desktops.Session, why desktops.End) {
	if h.o.Sessions == nil || !h.told.first(s.ID+" "+s.Client+" "+string(why), s.Opened) {
		return
	}
	s.End = why
	h.o.Sessions.Failed(context.WithoutCancel(ctx), s)
}

// once remembers what was told in this minute.
type once struct {
	mu     sync.Mutex
	minute time.Time       // guarded by mu
	said   map[string]bool // guarded by mu
}

func (o *once) first(what string, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if m := now.Truncate(time.Minute); !m.Equal(o.minute) || o.said == nil {
		o.minute, o.said = m, map[string]bool{}
	}
	if o.said[what] || len(o.said) > maxStreams {
		return false
	}
	o.said[what] = true
	return true
}

// client is the browser's address without its port.
func client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// platform is what a browser says that it runs on (User-Agent Client Hints,
// Sec-CH-UA-Platform), or what its User-Agent tells. An iPad's Safari says that
// it is a Mac; the page knows better, by its touch screen, and adds it to the
// address of the stream.
func platform(r *http.Request) string {
	if hint := strings.Trim(r.Header.Get("Sec-CH-UA-Platform"), `"`); platformWord.MatchString(hint) {
		return hint
	}
	ua := r.UserAgent()
	if strings.Contains(ua, "Macintosh") && r.URL.Query().Get("touch") == "1" {
		return "iPadOS"
	}
	for _, p := range [][2]string{
		{"iPhone", "iOS"},
		{"iPad", "iPadOS"},
		{"Android", "Android"},
		{"CrOS", "Chrome OS"},
		{"Windows", "Windows"},
		{"Macintosh", "macOS"},
		{"Linux", "Linux"},
	} {
		if strings.Contains(ua, p[0]) {
			return p[1]
		}
	}
	return ""
}

var (
	platformWord = regexp.MustCompile(`^[A-Za-z][A-Za-z ]{0,31}$`)
	product      = regexp.MustCompile(`(Edg|OPR|Firefox|FxiOS|CriOS|Chrome|Version)/(\d{1,4})`)
)

// browser is the product and its version: the most telling of those that a
// User-Agent lists.
func browser(ua string) string {
	names := map[string]string{"Edg": "Edge", "OPR": "Opera", "FxiOS": "Firefox", "CriOS": "Chrome", "Version": "Safari"}
	found := map[string]string{}
	for _, m := range product.FindAllStringSubmatch(ua, 10) {
		found[m[1]] = m[2]
	}
	for _, token := range []string{"Edg", "OPR", "Firefox", "FxiOS", "CriOS", "Chrome", "Version"} {
		if v := found[token]; v != "" {
			if names[token] != "" {
				token = names[token]
			}
			return token + " " + v
		}
	}
	return ""
}
