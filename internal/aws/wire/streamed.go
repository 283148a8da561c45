package wire

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/aws/wire/codec"
)

// proveHead verifies the signature of a request whose body has not been read.
// A request for S3 that nobody signed goes on as nobody's: policies of buckets
// may let everybody in.
func (x *exchange) proveHead() bool {
	if x.svc.dialect == sigv4.S3 && sigv4.Anonymous(x.r.Header, x.request.Query) {
		x.call.Caller = api.Caller{Type: api.AWSAccount}
		payload, failure := sigv4.Unsigned(x.r)
		x.payload = payload
		if failure != nil {
			return x.proved(failure)
		}
		return true
	}
	who, payload, err := x.o.Verifier.Prove(x.r.Context(), x.r, x.svc.model.SigningName)
	if who.Region != "" {
		x.call.Region = who.Region
	}
	x.payload = payload
	x.call.Caller, x.call.Account = who.Caller, who.Caller.Account
	return x.proved(err)
}

// open prepares the body: as a stream where the operation takes one, else read
// into memory and compared with its checksums.
func (x *exchange) open() bool {
	body := x.payload.Open(&paced{body: x.r.Body, controller: http.NewResponseController(x.w)})
	x.request.Header = plainHeader(x.r.Header, x.payload)
	if x.op != nil && x.op.Input.Stream() != nil {
		if x.payload.Length() < 0 && x.r.ProtoMajor == 1 {
			return x.reject(&api.Fault{
				Code: "MissingContentLength", Status: http.StatusLengthRequired, Message: "You must provide the Content-Length HTTP header.",
			})
		}
		x.request.Stream = body
		x.streaming = true
		return true
	}
	if x.payload.Length() > x.limit() {
		x.refuseLarge()
		return false
	}
	text, err := io.ReadAll(io.LimitReader(body, x.limit()+1))
	if int64(len(text)) > x.limit() {
		x.refuseLarge()
		return false
	}
	if err == nil {
		x.request.Body = text
		err = x.checksums(body)
	}
	if err != nil {
		return x.reject(err)
	}
	return true
}

// reject answers a body that cannot be taken, or was not what its sender said.
func (x *exchange) reject(err error) bool {
	x.o.Gate.Refuse(x.r.Context(), x.call, asAPIError(err))
	x.early(func() { x.fail(err) })
	return false
}

// plainHeader is a request's header as the operation sees it: without the marks
// of AWS's chunks, and with the length of what was in them.
func plainHeader(h http.Header, payload *sigv4.Payload) http.Header {
	h = h.Clone()
	h.Del("Content-Length")
	if n := payload.Length(); n >= 0 {
		h.Set("Content-Length", strconv.FormatInt(n, 10))
	}
	var kept []string
	for part := range strings.SplitSeq(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		if part = strings.TrimSpace(part); part != "" && !strings.EqualFold(part, "aws-chunked") {
			kept = append(kept, part)
		}
	}
	h.Del("Content-Encoding")
	if len(kept) > 0 {
		h.Set("Content-Encoding", strings.Join(kept, ","))
	}
	return h
}

// paced is a body that must go on: a sender who is silent for bodyTimeout is
// given up, one who is only slow is not.
type paced struct {
	body       io.Reader
	controller *http.ResponseController
	timer      *time.Timer
}

// Read waits for the next part of the body.
func (p *paced) Read(to []byte) (int, error) {
	if p.timer == nil {
		p.timer = time.AfterFunc(bodyTimeout, func() { _ = p.controller.SetReadDeadline(past) })
	} else {
		p.timer.Reset(bodyTimeout)
	}
	n, err := p.body.Read(to)
	if !p.timer.Stop() && n == 0 && err != nil {
		return 0, asAPIFault(broken(false))
	}
	return n, err
}

// asAPIFault gives a fault to those who know only the rooms' form of it.
func asAPIFault(f *codec.Fault) *api.Fault {
	return &api.Fault{Code: f.Code, Message: f.Message, Status: f.Status}
}

// buffers are for copying bodies to clients.
var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// stream writes an answer whose body is a stream. When that fails midway, the
// connection is cut: the client must not take a part for the whole.
func (x *exchange) stream(response codec.Response) {
	defer response.Stream.Close()
	x.w.WriteHeader(response.Status)
	if x.r.Method == http.MethodHead {
		return
	}
	buffer := buffers.Get().(*[64 << 10]byte)
	defer buffers.Put(buffer)
	controller := http.NewResponseController(x.w)
	late := time.AfterFunc(bodyTimeout, func() { _ = controller.SetWriteDeadline(past) })
	defer late.Stop()
	for {
		n, err := response.Stream.Read(buffer[:])
		late.Reset(bodyTimeout)
		if _, werr := x.w.Write(buffer[:n]); werr != nil {
			panic(http.ErrAbortHandler) // the client is gone, or takes nothing
		}
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			x.o.Log.ErrorContext(x.r.Context(), "stream failed", "request_id", x.call.RequestID,
				"action", x.call.Service+":"+x.call.Operation, "err", err)
			panic(http.ErrAbortHandler)
		}
	}
}

// chosen tells whether an error was chosen for the caller.
func chosen(err error) bool {
	_, ok := errors.AsType[smithy.APIError](err)
	return ok
}
