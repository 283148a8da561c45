package wire

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"tamachi/internal/aws/sigv4"
	"tamachi/internal/aws/wire/codec"
)

// past is a deadline that has gone by: setting it ends a read at once.
var past = time.Unix(1, 0)

// read reads the body into the codec's request, within its limits of size and
// time. It does nothing the second time.
func (x *exchange) read() bool {
	if x.request != nil {
		return true
	}
	most := x.most()
	if x.r.ContentLength > most {
		x.refuseLarge()
		return false
	}
	late := time.AfterFunc(bodyTimeout, func() {
		_ = http.NewResponseController(x.w).SetReadDeadline(past) // without deadlines the body comes when it comes
	})
	body, err := io.ReadAll(io.LimitReader(x.r.Body, most+1))
	inTime := late.Stop()
	if !inTime || err != nil {
		x.w.Header().Set("Connection", "close")
		x.refuse(broken(inTime))
		return false
	}
	if int64(len(body)) > most {
		x.refuseLarge()
		return false
	}
	x.head()
	x.request.Body = body
	return true
}

// head makes the codec's request without its body. The bucket that a host name
// of S3 tells goes before the path, which stays as it was sent.
func (x *exchange) head() {
	x.request = &codec.Request{
		Method: x.r.Method, Path: x.r.URL.EscapedPath(), Query: x.r.URL.Query(), Header: x.r.Header,
	}
	if x.svc != nil && x.svc.dialect == sigv4.S3 && x.s3.bucket != "" {
		x.request.Path = "/" + url.PathEscape(x.s3.bucket) + x.request.Path
	}
}

// broken is the answer to a body that did not come, or not in one piece.
func broken(inTime bool) *codec.Fault {
	if inTime {
		return &codec.Fault{
			Code: "MalformedHttpRequestException", Status: http.StatusBadRequest,
			Message: "The body of the request is damaged or incomplete.",
		}
	}
	return &codec.Fault{
		Code: "RequestTimeoutException", Status: http.StatusRequestTimeout,
		Message: "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
	}
}

func (x *exchange) refuseLarge() {
	x.early(func() {
		x.refuse(&codec.Fault{
			Code: "RequestEntityTooLargeException", Status: http.StatusRequestEntityTooLarge,
			Message: fmt.Sprintf("HTTP content length exceeded %d bytes.", x.limit()),
		})
	})
}

// limit is the size of the largest body that is read into memory.
func (x *exchange) limit() int64 {
	if x.svc != nil && x.svc.dialect == sigv4.S3 {
		return maxDocument
	}
	return x.most()
}

// most is limit where S3 is not asked.
func (x *exchange) most() int64 {
	if x.svc == nil {
		return maxBody
	}
	switch {
	case x.svc.model.Name == "logs":
		return maxEvents
	case x.r.Header.Get("X-Amz-Target") == "WorkspacesService.ImportClientBranding":
		return maxLogos
	}
	return maxBody
}

// early answers before the body has come, then reads on for a while and throws
// away, because a client that is still sending would otherwise meet a reset
// connection instead of the answer.
func (x *exchange) early(answer func()) {
	controller := http.NewResponseController(x.w)
	_ = controller.EnableFullDuplex() // HTTP/2 always is
	x.w.Header().Set("Connection", "close")
	answer()
	if controller.Flush() != nil {
		return
	}
	late := time.AfterFunc(drainTimeout, func() { _ = controller.SetReadDeadline(past) })
	defer late.Stop()
	_, _ = io.CopyN(io.Discard, x.r.Body, maxDrain)
}

// inflate undoes a Content-Encoding of gzip, which newer clients use for large
// bodies. The inflated body has the same limit as any other.
func (x *exchange) inflate() error {
	switch encoding := strings.ToLower(x.request.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
		return nil
	case "gzip":
	default:
		return &codec.Fault{
			Code: "UnsupportedMediaTypeException", Status: http.StatusUnsupportedMediaType,
			Message: "Content-Encoding must be gzip or absent.",
		}
	}
	z, err := gzip.NewReader(bytes.NewReader(x.request.Body))
	if err != nil {
		return &codec.Fault{Code: codec.CodeSerialization, Message: "The body is not in the gzip format.", Status: http.StatusBadRequest}
	}
	most := x.most()
	body, err := io.ReadAll(io.LimitReader(z, most+1))
	if int64(len(body)) > most {
		return &codec.Fault{
			Code: "RequestEntityTooLargeException", Status: http.StatusRequestEntityTooLarge,
			Message: fmt.Sprintf("The inflated body exceeded %d bytes.", most),
		}
	}
	if err = errors.Join(err, z.Close()); err != nil {
		return &codec.Fault{Code: codec.CodeSerialization, Message: "The gzip body is damaged.", Status: http.StatusBadRequest}
	}
	x.request.Body = body
	return nil
}
