package wire

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"tamachi/internal/aws/wire/codec"
)

// Origins knows what pages of other origins may do with a bucket (CORS).
type Origins interface {
	// Origin returns the headers of an answer to a page: of an origin, with a
	// method, and with the headers that it wants to send. A page that may not
	// gets the error that a preflight is answered with.
	Origin(ctx context.Context, bucket, origin, method string, headers []string) (map[string]string, error)
}

// cross deals with a request for S3 by a page of another origin. A preflight is
// answered here, for it is nobody's and no operation; any other request goes on,
// its answer with the headers that let the page read it.
// Source: Amazon S3 API Reference, "OPTIONS object".
func (x *exchange) cross() (answered bool) {
	bucket, _, _ := strings.Cut(strings.TrimPrefix(x.request.Path, "/"), "/")
	name, err := url.PathUnescape(bucket)
	origin := x.r.Header.Get("Origin")
	preflight := x.r.Method == http.MethodOptions
	if x.o.Origins == nil || err != nil || name == "" || origin == "" && !preflight {
		return false
	}
	if preflight {
		x.preflight(name, origin)
		return true
	}
	if headers, err := x.o.Origins.Origin(x.r.Context(), name, origin, x.r.Method, nil); err == nil {
		x.allow(headers)
	}
	return false
}

func (x *exchange) preflight(bucket, origin string) {
	method := x.r.Header.Get("Access-Control-Request-Method")
	switch {
	case origin == "":
		x.refuse(&codec.Fault{Code: "BadRequest", Status: http.StatusBadRequest, Message: "Insufficient information. Origin request header needed."})
		return
	case method == "":
		x.refuse(&codec.Fault{Code: "BadRequest", Status: http.StatusBadRequest, Message: "Invalid Access-Control-Request-Method: null"})
		return
	}
	headers, err := x.o.Origins.Origin(x.r.Context(), bucket, origin, method, listed(x.r.Header.Values("Access-Control-Request-Headers")))
	if err != nil {
		x.fail(err)
		return
	}
	x.allow(headers)
	x.write(codec.Response{Status: http.StatusOK, Header: http.Header{"X-Amz-Request-Id": {x.call.RequestID}}})
}

func (x *exchange) allow(headers map[string]string) {
	for name, value := range headers {
		x.w.Header().Set(name, value)
	}
}

// listed reads a header that is a list.
func listed(values []string) []string {
	var out []string
	for one := range strings.SplitSeq(strings.Join(values, ","), ",") {
		if one = strings.TrimSpace(one); one != "" {
			out = append(out, one)
		}
	}
	return out
}
