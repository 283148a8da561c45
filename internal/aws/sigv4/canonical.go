package sigv4

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// unsignedPayload is the payload hash of a request that does not sign its body.
const unsignedPayload = "UNSIGNED-PAYLOAD"

// canonical builds the canonical request of a claim. ok is false where the
// request cannot have one: a malformed query.
func (c *claim) canonical(r *http.Request, payload string) (request []byte, ok bool) {
	b := make([]byte, 0, 1024)
	b = append(b, r.Method...)
	b = append(b, '\n')
	b = appendPath(b, r.URL, c.service == "s3")
	b = append(b, '\n')
	if b, ok = c.appendQuery(b, r.URL.RawQuery); !ok {
		return nil, false
	}
	b = append(b, '\n')
	for _, name := range c.signedHeaders {
		b = append(b, name...)
		b = append(b, ':')
		b = appendHeader(b, r, name)
		b = append(b, '\n')
	}
	b = append(b, '\n')
	for i, name := range c.signedHeaders {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(b, name...)
	}
	b = append(b, '\n')
	return append(b, payload...), true
}

// toSign builds the string to sign over a canonical request.
func (c *claim) toSign(canonical []byte) []byte {
	sum := sha256.Sum256(canonical)
	b := make([]byte, 0, 192)
	b = append(b, algorithm...)
	b = append(b, '\n')
	b = c.at.AppendFormat(b, basicISO)
	b = append(b, '\n')
	b = c.appendScope(b)
	b = append(b, '\n')
	return hex.AppendEncode(b, sum[:])
}

// appendPath writes the canonical URI: S3 encodes the decoded key once, all
// others encode the path as it was sent once more, after RFC 3986
// normalization (SigV4, "Create a canonical request").
func appendPath(b []byte, u *url.URL, once bool) []byte {
	if once {
		return appendEncoded(b, u.Path, true)
	}
	p := u.EscapedPath()
	if p == "" || p == "/" {
		return append(b, '/')
	}
	if strings.Contains(p, "//") || strings.Contains(p, "/.") {
		slash := strings.HasSuffix(p, "/")
		if p = path.Clean(p); slash && p != "/" {
			p += "/"
		}
	}
	return appendEncoded(b, p, true)
}

// appendQuery writes the parameters encoded strictly and sorted, without the
// signature itself.
func (c *claim) appendQuery(b []byte, raw string) ([]byte, bool) {
	if raw == "" {
		return b, true
	}
	var pairs [][2]string
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		k, v, _ := strings.Cut(pair, "=")
		key, err := url.QueryUnescape(k)
		if err != nil {
			return nil, false
		}
		value, err := url.QueryUnescape(v)
		if err != nil {
			return nil, false
		}
		if c.presigned && key == "X-Amz-Signature" {
			continue
		}
		pairs = append(pairs, [2]string{
			string(appendEncoded(nil, key, false)), string(appendEncoded(nil, value, false)),
		})
	}
	slices.SortFunc(pairs, func(x, y [2]string) int { return slices.Compare(x[:], y[:]) })
	for i, p := range pairs {
		if i > 0 {
			b = append(b, '&')
		}
		b = append(b, p[0]...)
		b = append(b, '=')
		b = append(b, p[1]...)
	}
	return b, true
}

// appendHeader writes a header's values, joined with commas, runs of blanks as
// one. net/http keeps three headers outside of the map.
func appendHeader(b []byte, r *http.Request, name string) []byte {
	values := r.Header.Values(name)
	switch {
	case name == "host":
		return appendTrimmed(b, r.Host)
	case len(values) > 0:
	case name == "content-length" && r.ContentLength >= 0:
		return strconv.AppendInt(b, r.ContentLength, 10)
	case name == "transfer-encoding":
		values = r.TransferEncoding
	}
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendTrimmed(b, v)
	}
	return b
}

func appendTrimmed(b []byte, s string) []byte {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, "  ") {
		return append(b, s...)
	}
	blank := false
	for i := range len(s) {
		if s[i] == ' ' && blank {
			continue
		}
		blank = s[i] == ' '
		b = append(b, s[i])
	}
	return b
}

const upperHex = "0123456789ABCDEF"

// appendEncoded writes s with every byte but the unreserved ones of RFC 3986
// as %XX.
func appendEncoded(b []byte, s string, keepSlash bool) []byte {
	for i := range len(s) {
		switch ch := s[i]; {
		case 'a' <= ch && ch <= 'z', 'A' <= ch && ch <= 'Z', '0' <= ch && ch <= '9',
			ch == '-', ch == '.', ch == '_', ch == '~', ch == '/' && keepSlash:
			b = append(b, ch)
		default:
			b = append(b, '%', upperHex[ch>>4], upperHex[ch&15])
		}
	}
	return b
}
