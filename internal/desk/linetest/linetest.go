// Package linetest is a bad line between a duty and an endpoint: answers are
// refused, late, broken off, never come, or repeat themselves.
package linetest

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Fault is what is wrong with a line.
type Fault string

// The faults. Each meets several operations of each service.
const (
	None     Fault = ""
	Throttle Fault = "throttles"   // the first call of an operation is throttled
	Fail     Fault = "fails"       // the first call of an operation is answered with status 500
	Late     Fault = "is late"     // every answer takes its time
	Silent   Fault = "is silent"   // the first call of each service is never answered
	Break    Fault = "breaks off"  // the first answer of an operation ends in the middle
	Lose     Fault = "loses"       // the first answer of an operation never comes, though the call took effect
	Circle   Fault = "circles"     // every page names the first as the next
	Shift    Fault = "shifts"      // the last of a page comes again on the next, as if the list had moved meanwhile
	Refuse   Fault = "is not open" // no connection lives longer than its request
)

// All are the faults of a line.
var All = []Fault{Throttle, Fail, Late, Silent, Break, Lose, Circle, Shift, Refuse}

// Line is a proxy in front of an endpoint.
type Line struct {
	URL string

	proxy *httputil.ReverseProxy
	fault Fault
	mu    sync.Mutex
	met   map[string]int    // guarded by mu; calls by operation, operations by "service:"
	last  map[string]string // guarded by mu; the last item of an operation's page before
	end   chan struct{}

	denied []string    // guarded by mu; operations that the endpoint denied
	times  []time.Time // guarded by mu; when each call came
	on     func(operation string)
}

// On has f called at each call before it goes on to the endpoint. It is for
// before the first call.
func (l *Line) On(f func(operation string)) { l.on = f }

// Times are when each call came.
func (l *Line) Times() []time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.times)
}

// Between lays a line with a fault to an endpoint.
func Between(t testing.TB, endpoint string, fault Fault) *Line {
	t.Helper()
	to, err := url.Parse(endpoint)
	if err != nil {
		t.Fatal(err)
	}
	l := &Line{fault: fault, met: map[string]int{}, last: map[string]string{}, end: make(chan struct{})}
	// The host stays the line's: it is signed.
	l.proxy = &httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host },
		ModifyResponse: l.change,
		ErrorLog:       slog.NewLogLogger(slog.DiscardHandler, slog.LevelInfo), // of calls that were given up
	}
	server := httptest.NewServer(l)
	l.URL = server.URL
	t.Cleanup(func() {
		close(l.end)
		server.Close()
	})
	return l
}

// Calls is how often an operation was asked for.
func (l *Line) Calls(operation string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.met[operation]
}

// Denied are the operations that the endpoint has denied so far.
func (l *Line) Denied() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.denied)
}

// ServeHTTP meets one call.
func (l *Line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	name := operation(r, body)
	first, silent := l.meet(name, service(r)+":")
	if l.on != nil {
		l.on(name)
	}
	r.Header.Set("X-Line-Operation", name)
	switch {
	case l.fault == Throttle && first:
		refuse(w, r, http.StatusBadRequest, "ThrottlingException", "Rate exceeded")
	case l.fault == Fail && first:
		refuse(w, r, http.StatusInternalServerError, "InternalFailure", "try again")
	case l.fault == Silent && silent:
		select {
		case <-r.Context().Done():
		case <-l.end:
		}
	case l.fault == Break && first:
		l.halve(w, r)
	case l.fault == Lose && first:
		l.proxy.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	default:
		if l.fault == Refuse {
			w.Header().Set("Connection", "close")
		}
		l.proxy.ServeHTTP(w, r)
	}
}

// meet counts a call, and tells whether the fault meets it. After some reading
// operations of a service its faults are over: an adaptive client waits longer
// each time.
func (l *Line) meet(name, service string) (first, silent bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.times = append(l.times, time.Now())
	if l.met[name]++; l.met[name] == 1 {
		l.met[service]++
		first = l.met[service] <= l.enough() || changes(name)
	}
	return first, first && l.met[service] == 1
}

// enough is how many reading operations of a service meet a fault. What changes
// something always does.
func (l *Line) enough() int {
	if l.fault == Throttle {
		return 1
	}
	return 4
}

// changes tells of an operation that changes something, by its name.
func changes(operation string) bool { return !reading.MatchString(operation) }

var reading = regexp.MustCompile(`^(Describe|Get|List|Lookup|Search|Simulate|GET |HEAD )`)

// halve sends half of an answer that says how long it is.
func (l *Line) halve(w http.ResponseWriter, r *http.Request) {
	whole := httptest.NewRecorder()
	l.proxy.ServeHTTP(whole, r)
	maps.Copy(w.Header(), whole.Header())
	w.Header().Set("Content-Length", strconv.Itoa(whole.Body.Len()))
	w.WriteHeader(whole.Code)
	_, _ = w.Write(whole.Body.Bytes()[:whole.Body.Len()/2])
	panic(http.ErrAbortHandler)
}

// change is what a line does to an answer of the endpoint.
func (l *Line) change(res *http.Response) error {
	if res.StatusCode >= http.StatusBadRequest {
		return l.refused(res)
	}
	switch l.fault {
	case Late:
		t := time.NewTimer(200 * time.Millisecond)
		defer t.Stop()
		select {
		case <-t.C:
		case <-l.end:
		}
	case Circle, Shift:
		if strings.Contains(res.Header.Get("Content-Type"), "json") {
			return l.pages(res)
		}
	}
	return nil
}

// denials are the codes of a call that no policy allows.
var denials = regexp.MustCompile(`AccessDenied|UnauthorizedOperation|NotAuthorized|AuthorizationError`)

// refused notes a call that was denied.
func (l *Line) refused(res *http.Response) error {
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	res.Body.Close()
	res.Body = io.NopCloser(bytes.NewReader(body))
	if denials.Match(body) || denials.MatchString(res.Header.Get("X-Amzn-Errortype")) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.denied = append(l.denied, res.Request.Header.Get("X-Line-Operation"))
	}
	return nil
}

// pages changes the lists of an answer.
func (l *Line) pages(res *http.Response) error {
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	res.Body.Close()
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(body, &answer); err == nil {
		if _, paged := answer["NextToken"]; paged || l.fault == Shift {
			l.turn(res.Request.Header.Get("X-Line-Operation"), answer)
			if body, err = json.Marshal(answer); err != nil {
				return err
			}
		}
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	res.ContentLength = int64(len(body))
	res.Header.Set("Content-Length", strconv.Itoa(len(body)))
	res.Header.Del("X-Amz-Crc32") // of what it was
	return nil
}

func (l *Line) turn(operation string, answer map[string]json.RawMessage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fault == Circle {
		token, known := l.last[operation]
		if !known {
			token = string(answer["NextToken"])
			l.last[operation] = token
		}
		answer["NextToken"] = json.RawMessage(token)
		return
	}
	for name, raw := range answer {
		var items []json.RawMessage
		if json.Unmarshal(raw, &items) != nil || len(items) == 0 {
			continue
		}
		key := operation + "/" + name
		before, second := l.last[key]
		delete(l.last, key)
		if _, more := answer["NextToken"]; more {
			l.last[key] = string(items[len(items)-1])
		}
		if second {
			answer[name], _ = json.Marshal(append([]json.RawMessage{json.RawMessage(before)}, items...))
		}
	}
}

// service is whom a call is signed for. A line is silent to each only once: who
// calls waits the whole time that an endpoint is given.
func service(r *http.Request) string {
	before, _, _ := strings.Cut(r.Header.Get("Authorization"), "/aws4_request")
	return before[strings.LastIndexByte(before, '/')+1:]
}

// operation is what a call asks for.
func operation(r *http.Request, body []byte) string {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndexByte(target, '.')+1:]
	}
	if _, name, ok := strings.Cut(r.URL.Path, "/operation/"); ok {
		return name
	}
	if form, err := url.ParseQuery(string(body)); err == nil && form.Get("Action") != "" {
		return form.Get("Action")
	}
	if service(r) == "ds-data" {
		return path.Base(r.URL.Path)
	}
	return r.Method + " " + r.URL.Path
}

// refuse answers an error in the protocol of the call.
func refuse(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	kind, text := "application/json", `{"__type":"`+code+`","message":"`+message+`"}`
	switch {
	case service(r) == "s3": // it has its own code for it. Source: S3 API Reference, "Error responses"
		if code == "ThrottlingException" {
			status, code = http.StatusServiceUnavailable, "SlowDown"
		}
		kind, text = "application/xml", "<Error><Code>"+code+"</Code><Message>"+message+"</Message><RequestId>1</RequestId></Error>"
	case r.Header.Get("Smithy-Protocol") != "": // RFC 8949: a map of two, of text to text
		w.Header().Set("Smithy-Protocol", r.Header.Get("Smithy-Protocol"))
		kind, text = "application/cbor", "\xa2"+cbor("__type")+cbor(code)+cbor("message")+cbor(message)
	case r.Header.Get("X-Amz-Target") != "" || r.URL.Path != "/":
		w.Header().Set("X-Amzn-ErrorType", code)
	case strings.Contains(r.Header.Get("Authorization"), "/ec2/aws4_request"): // EC2 has a form of its own
		kind, text = "text/xml", "<Response><Errors><Error><Code>"+code+"</Code><Message>"+message+"</Message></Error></Errors><RequestID>1</RequestID></Response>"
	default:
		kind, text = "text/xml", "<ErrorResponse><Error><Code>"+code+"</Code><Message>"+message+"</Message></Error></ErrorResponse>"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// cbor is a text of less than 24 bytes.
func cbor(s string) string { return string([]byte{0x60 | byte(len(s))}) + s }
