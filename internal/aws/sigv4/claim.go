package sigv4

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm   = "AWS4-HMAC-SHA256"
	terminator  = "aws4_request"
	maxLifetime = 7 * 24 * time.Hour
)

// claim is what a request says of its signer, before any of it is proved.
type claim struct {
	accessKey, day, region, service, terminator string

	signedHeaders []string // lower case, in the order given
	signature     string
	token         string // X-Amz-Security-Token
	at            time.Time
	presigned     bool
	lifetime      time.Duration // of a presigned URL
}

// scope is the credential scope as it stands in the string to sign.
func (c *claim) scope() string { return string(c.appendScope(nil)) }

func (c *claim) appendScope(b []byte) []byte {
	for _, part := range [...]string{c.day, c.region, c.service} {
		b = append(append(b, part...), '/')
	}
	return append(b, c.terminator...)
}

// signs tells whether the signature covers a header (lower case).
func (c *claim) signs(header string) bool { return slices.Contains(c.signedHeaders, header) }

// Scope reads the region and the signing name that a request claims, from its
// Authorization header or its presigned query. It proves nothing; it is for
// finding the room that the request is for.
func Scope(r *http.Request) (region, service string, ok bool) {
	credential := ""
	if h := r.Header.Get("Authorization"); h != "" {
		_, rest, found := strings.Cut(h, "Credential=")
		if !found {
			return "", "", false
		}
		credential, _, _ = strings.Cut(rest, ",")
	} else if strings.Contains(r.URL.RawQuery, "X-Amz-Credential=") {
		credential = r.URL.Query().Get("X-Amz-Credential")
	}
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if n := len(parts); n >= 5 {
		return parts[n-3], parts[n-2], true
	}
	return "", "", false
}

// read finds the claim in the Authorization header or in the query.
func read(r *http.Request) (*claim, *Failure) {
	headers := r.Header.Values("Authorization")
	query := strings.Contains(r.URL.RawQuery, "X-Amz-Algorithm=") || strings.Contains(r.URL.RawQuery, "X-Amz-Signature=")
	switch {
	case len(headers) == 0 && !query:
		f := failMissing().sayS3("InvalidRequest", otherMechanism)
		if r.URL.Query().Has("X-Amz-Credential") {
			f = f.sayS3(queryMalformed, queryNeeds)
		}
		return nil, f
	case len(headers) > 1 || len(headers) == 1 && query:
		const text = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, " +
			"Signature query string parameter or the Authorization header should be specified"
		return nil, failIncomplete(text).sayS3("InvalidArgument", text)
	case query:
		return readQuery(r)
	}
	return readHeader(r, headers[0])
}

// digest stands for a header in an error: AWS shows its hash, never its text.
func digest(header string) string {
	sum := sha256.Sum256([]byte(header))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// readHeader reads "AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...".
func readHeader(r *http.Request, header string) (*claim, *Failure) {
	name, rest, _ := strings.Cut(strings.TrimSpace(header), " ")
	if name == "" {
		return nil, failMissing()
	}
	if !strings.HasPrefix(name, "AWS4-") {
		return nil, failIncomplete("Invalid key=value pair (missing equal-sign) in Authorization header "+
			"(hashed with SHA-256 and encoded with Base64): '%s'.", digest(header)).sayS3("InvalidRequest", otherMechanism)
	}
	if name != algorithm {
		return nil, failIncomplete("Unsupported AWS 'algorithm': '%s' (only AWS4-HMAC-SHA256 for now). ", clip(name)).
			sayS3("InvalidRequest", otherMechanism)
	}
	var credential, signed, signature string
	f := readParameters(header, rest, func(key string) *string {
		switch key {
		case "Credential":
			return &credential
		case "SignedHeaders":
			return &signed
		case "Signature":
			return &signature
		}
		return nil
	})
	if f != nil {
		return nil, f
	}
	stamp := r.Header.Get("X-Amz-Date")
	if stamp == "" {
		stamp = r.Header.Get("Date")
	}
	var faults strings.Builder
	for _, p := range [...]struct{ name, value string }{{"Credential", credential}, {"Signature", signature}, {"SignedHeaders", signed}} {
		if p.value == "" {
			faults.WriteString("Authorization header requires '" + p.name + "' parameter. ")
		}
	}
	if stamp == "" {
		faults.WriteString("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
	}
	if faults.Len() > 0 {
		f := failIncomplete("%s(Hashed with SHA-256 and encoded with Base64) Authorization=%s", faults.String(), digest(header))
		if credential != "" && signature != "" && signed != "" { // the date alone is missing
			return nil, f.sayS3Status("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header", http.StatusForbidden)
		}
		return nil, f.sayS3(headerMalformed, "The authorization header is malformed; the Credential, SignedHeaders and Signature are all needed.")
	}
	c := &claim{signature: signature, token: r.Header.Get("X-Amz-Security-Token")}
	if f := c.setTime(stamp); f != nil {
		return nil, f
	}
	c.signedHeaders = strings.Split(strings.ToLower(signed), ";")
	if f := c.setCredential(credential); f != nil {
		return nil, f
	}
	return c, nil
}

// readParameters reads the parameters of an Authorization header that are
// wanted, and passes over others.
func readParameters(header, text string, wanted func(key string) *string) *Failure {
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		key, value, found := strings.Cut(part, "=")
		if !found {
			return failIncomplete("Invalid key=value pair (missing equal-sign) in Authorization header "+
				"(hashed with SHA-256 and encoded with Base64): '%s'.", digest(header)).
				sayS3(headerMalformed, `The authorization header is malformed; the authorization component "`+clip(part)+`" is malformed.`)
		}
		into := wanted(key)
		if into == nil {
			continue
		}
		if *into != "" {
			return failIncomplete("Authorization header has the '%s' parameter twice.", key).
				sayS3(headerMalformed, "The authorization header is malformed; the "+key+" is given twice.")
		}
		*into = value
	}
	return nil
}

// readQuery reads the X-Amz-... parameters of a presigned URL.
func readQuery(r *http.Request) (*claim, *Failure) {
	q := r.URL.Query()
	var faults strings.Builder
	for _, name := range [...]string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"} {
		switch values := q[name]; {
		case len(values) == 0 || values[0] == "":
			faults.WriteString("AWS query-string parameters must include '" + name + "'. ")
		case len(values) > 1:
			return nil, failIncomplete("AWS query-string parameter '%s' is given twice. Re-examine the query-string parameters.", name).
				sayS3(queryMalformed, name+" is given twice.")
		}
	}
	if faults.Len() > 0 {
		return nil, failIncomplete("%sRe-examine the query-string parameters.", faults.String()).sayS3(queryMalformed, queryNeeds)
	}
	if a := q.Get("X-Amz-Algorithm"); a != algorithm {
		return nil, failIncomplete("Unsupported AWS 'algorithm': '%s' (only AWS4-HMAC-SHA256 for now). ", clip(a)).
			sayS3(queryMalformed, `X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"`)
	}
	c := &claim{
		presigned: true, lifetime: maxSkew,
		signature: q.Get("X-Amz-Signature"), token: q.Get("X-Amz-Security-Token"),
		signedHeaders: strings.Split(strings.ToLower(q.Get("X-Amz-SignedHeaders")), ";"),
	}
	if f := c.setTime(q.Get("X-Amz-Date")); f != nil {
		return nil, f
	}
	if q.Has("X-Amz-Expires") {
		if f := c.setLifetime(q.Get("X-Amz-Expires")); f != nil {
			return nil, f
		}
	}
	if f := c.setCredential(q.Get("X-Amz-Credential")); f != nil {
		return nil, f
	}
	return c, nil
}

func (c *claim) setTime(stamp string) *Failure {
	t, err := time.Parse(basicISO, stamp)
	if err != nil {
		t, err = http.ParseTime(stamp) // the Date header's own form
	}
	if err != nil {
		f := failIncomplete("Date must be in ISO-8601 'basic format'. Got '%s'. See http://en.wikipedia.org/wiki/ISO_8601", clip(stamp))
		if c.presigned {
			return f.sayS3(queryMalformed, `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
		}
		return f.sayS3Status("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header", http.StatusForbidden)
	}
	c.at = t.UTC()
	return nil
}

func (c *claim) setLifetime(seconds string) *Failure {
	n, err := strconv.ParseInt(seconds, 10, 64)
	switch {
	case err != nil:
		return failQuery("X-Amz-Expires should be a number")
	case n < 0:
		return failQuery("X-Amz-Expires must be non-negative")
	case n > int64(maxLifetime/time.Second):
		return failQuery("X-Amz-Expires must be less than a week (in seconds); " +
			"that is, the given X-Amz-Expires must be less than 604800 seconds")
	}
	c.lifetime = time.Duration(n) * time.Second
	return nil
}

// setCredential reads keyid/date/region/service/aws4_request.
func (c *claim) setCredential(s string) *Failure {
	parts := strings.Split(s, "/")
	if len(parts) != 5 {
		code, where := c.malformedInS3()
		return failIncomplete("Credential must have exactly 5 slash-delimited elements, "+
			"e.g. keyid/date/region/service/term, got '%s'", clip(s)).
			sayS3(code, where+`the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`)
	}
	c.accessKey, c.day, c.region, c.service, c.terminator = parts[0], parts[1], parts[2], parts[3], parts[4]
	return nil
}

// clip bounds what an error repeats of a caller's text.
func clip(s string) string {
	if len(s) > 256 {
		return s[:256]
	}
	return s
}
