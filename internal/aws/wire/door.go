package wire

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/model"
	"tamachi/internal/aws/sigv4"
	"tamachi/internal/aws/wire/codec"
	"tamachi/internal/aws/wire/protocol"
	"tamachi/internal/clock"
	"tamachi/internal/id"
)

// Gate runs calls; package gate's Gate is one.
type Gate interface {
	// Row returns the operation that the rooms offer under a name.
	Row(service, operation string) (*api.Operation, bool)
	// Do validates, authorizes, runs and records a call. in is a pointer to
	// the row's input. call.Caller is the zero Caller for a Public row.
	Do(ctx context.Context, call *api.Call, in any) (out any, err error)
	// Refuse records a call that was refused before Do: a wrong signature of a
	// known key, a body that cannot be read.
	Refuse(ctx context.Context, call *api.Call, err error)
}

// Options are what a door is made of. All but Pages and Origins are required.
type Options struct {
	Gate     Gate
	Verifier *sigv4.Verifier
	// Models are the tables of the services that have a room.
	Models []*model.Service
	Clock  clock.Clock
	IDs    *id.Source
	// Region is that of requests that name none.
	Region string
	// Regions tells whether a region is ours.
	Regions func(string) bool
	// PageKey is the secret that paging tokens are signed with.
	PageKey []byte
	// Domain is the service domain: <service>.<region>.<domain>.
	Domain string
	// Pages answers what is not AWS: / in a browser and /_tamachi/...
	Pages http.Handler
	// Origins is for pages of other origins; nil lets none in.
	Origins Origins
	Log     *slog.Logger
}

// Limits of a request.
const (
	// maxBody is AWS's order of magnitude for JSON and query services (1 MB),
	// for a compressed body also once it is inflated.
	maxBody = 1 << 20
	// maxEvents is that of CloudWatch Logs, whose batches hold 1 MB of messages
	// before they are written as JSON: a control character takes six bytes.
	maxEvents = 8 << 20
	// maxLogos is that of WorkSpaces' ImportClientBranding: 6 MB of pictures, in
	// base64.
	maxLogos = 9 << 20
	// maxDocument is that of S3's documents: a list of 10,000 parts with their
	// checksums takes some 4 MB.
	maxDocument = 8 << 20
	// bodyTimeout is for a whole body, but for a streamed one between two reads
	// or writes.
	bodyTimeout = 30 * time.Second
	// maxDrain is how much of a refused body is read and thrown away, so that a
	// client that sends first and reads later still sees the refusal.
	maxDrain     = 64 << 20
	drainTimeout = 5 * time.Second
)

// Door is the front door.
type Door struct {
	o        Options
	services []*service
	signing  map[string][]*service // by signing name
	targets  map[string]*service   // by X-Amz-Target prefix
	hosts    map[string]*service   // by first label of the host name
}

// service is a room with its protocol.
type service struct {
	model   *model.Service
	codec   codec.Codec
	dialect sigv4.Dialect
}

// New makes a door. An error is a programmer's mistake: a service without a
// protocol.
func New(o Options) (*Door, error) {
	if len(o.PageKey) == 0 {
		return nil, errors.New("open the door: no key for paging tokens")
	}
	d := &Door{o: o, signing: map[string][]*service{}, targets: map[string]*service{}, hosts: map[string]*service{}}
	for _, m := range o.Models {
		c, ok := protocol.For(m)
		if !ok {
			return nil, fmt.Errorf("open the door for %s: no codec speaks %q", m.Name, m.Protocol)
		}
		s := &service{model: m, codec: c, dialect: Dialect(m.Name, m.Protocol)}
		d.services = append(d.services, s)
		d.signing[m.SigningName] = append(d.signing[m.SigningName], s)
		d.hosts[m.EndpointPrefix] = s
		if m.TargetPrefix != "" {
			d.targets[m.TargetPrefix] = s
		}
	}
	return d, nil
}

// chosenBy is the service as a request speaks to it: in the protocol that it
// chooses, where the service has several.
func (s *service) chosenBy(h http.Header) *service {
	if len(s.model.Protocols) == 0 {
		return s
	}
	name, c := protocol.Of(s.model, h)
	return &service{model: s.model, codec: c, dialect: Dialect(s.model.Name, name)}
}

// Dialect is how a service that speaks a protocol words the refusal of a signature.
func Dialect(service, protocol string) sigv4.Dialect {
	switch protocol {
	case "json":
		return sigv4.JSON
	case "query", "ec2":
		return sigv4.Query
	}
	if service == "s3" {
		return sigv4.S3
	}
	return sigv4.REST
}

// ServeHTTP answers one request.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d.o.Pages != nil && d.forPages(r) {
		d.o.Pages.ServeHTTP(w, r)
		return
	}
	x := &exchange{Door: d, w: w, r: r, call: &api.Call{
		RequestID: d.o.IDs.UUID(), Time: d.o.Clock.Now(),
		Host: r.Host, SourceIP: sourceIP(r), UserAgent: r.UserAgent(), Referer: r.Referer(),
		Secure: r.TLS != nil, TLS: secured(r),
	}}
	w.Header().Set("X-Amzn-Requestid", x.call.RequestID)
	defer x.note()
	defer x.recover()
	x.run()
}

// note writes the call's one line of debug log.
func (x *exchange) note() {
	attrs := []any{"request_id", x.call.RequestID, "account", x.call.Account, "action", x.call.Service + ":" + x.call.Operation}
	if x.refused != nil {
		attrs = append(attrs, "err", x.refused.Code)
	}
	x.o.Log.DebugContext(x.r.Context(), "call", attrs...)
}

// exchange is one request on its way to the gate and back.
type exchange struct {
	*Door
	w    http.ResponseWriter
	r    *http.Request
	call *api.Call

	svc     *service
	s3      s3Host         // what the host name says, should it be S3's
	payload *sigv4.Payload // of a body that is checked while it is read
	// streaming is set while a body may still come.
	streaming bool
	refused   *codec.Fault // nil when the call succeeded
	request   *codec.Request
	row       *api.Operation
	op        *model.Operation
}

// run takes the request through the stages; each answers by itself when it
// refuses.
func (x *exchange) run() {
	if !x.route() {
		x.refuseService()
		return
	}
	x.svc = x.svc.chosenBy(x.r.Header)
	x.call.Service = x.svc.model.Name
	if !x.receive() {
		return
	}
	in, ok := x.decode()
	if !ok || x.row.Kind.Streams() && !x.upgradable() {
		return
	}
	out, err := x.o.Gate.Do(x.r.Context(), x.call, in)
	if err != nil {
		x.fail(err)
		return
	}
	if x.row.Kind.Streams() {
		x.converse(out)
		return
	}
	x.Seal(x.call, x.op, out)
	response, err := x.svc.codec.Encode(x.svc.model, x.op, out, x.call.RequestID)
	if err != nil {
		x.fail(fmt.Errorf("encode %s: %w", x.op.Name, err))
		return
	}
	x.write(response)
}

// receive takes request and body in, as far as the operation needs it, and
// proves the signer. S3 and bodies in chunks sign without the body: it is
// checked while it is read.
func (x *exchange) receive() bool {
	if x.svc.dialect == sigv4.S3 {
		x.head()
		return !x.cross() && x.find() && x.proveHead() && x.open()
	}
	if sigv4.Chunked(x.r) {
		x.head()
		return x.proveHead() && x.open() && x.find()
	}
	return x.read() && x.find() && x.prove()
}

// find learns the operation. One that has no row is answered as AWS answers
// one that does not exist.
func (x *exchange) find() bool {
	name, ok := x.svc.codec.Operation(x.svc.model, x.request)
	if !ok {
		x.refuse(x.unnamed())
		return false
	}
	x.call.Operation = name
	row, ok := x.o.Gate.Row(x.svc.model.Name, name)
	op := x.svc.model.Operations[name]
	if !ok || op == nil {
		x.refuse(x.unknown(name))
		return false
	}
	x.row, x.op = row, op
	return true
}

// prove verifies the signature, but of rows that carry their own proof.
func (x *exchange) prove() bool {
	if x.row.Kind == api.KindPublic {
		return true
	}
	if _, _, signed := sigv4.Scope(x.r); x.row.Kind.Open() && !signed {
		return true // a caller of whom nothing is known
	}
	who, err := x.o.Verifier.Verify(x.r.Context(), x.r, x.request.Body, x.svc.model.SigningName)
	if who.Region != "" {
		x.call.Region = who.Region
	}
	x.call.Caller, x.call.Account = who.Caller, who.Caller.Account
	return x.proved(err)
}

// proved answers a signature that was refused.
func (x *exchange) proved(err error) bool {
	if err == nil {
		return true
	}
	if failure, ok := errors.AsType[*sigv4.Failure](err); ok {
		err = failure.Fault(x.svc.dialect)
		x.o.Gate.Refuse(x.r.Context(), x.call, asAPIError(err))
	}
	x.fail(err)
	return false
}

// decode reads the input. The body was signed as it was sent, so it is
// inflated only now; an object stays as it is.
func (x *exchange) decode() (in any, ok bool) {
	var err error
	if x.svc.dialect != sigv4.S3 {
		err = x.inflate()
	}
	if err == nil {
		in = newInput(x.row)
		var present model.Presence
		if present, err = x.svc.codec.Decode(x.svc.model, x.op, x.request, in); err == nil {
			x.call.Present = present.Has
			x.Unseal(x.call, x.op, in)
			return in, true
		}
	}
	x.o.Gate.Refuse(x.r.Context(), x.call, asAPIError(err))
	x.fail(err)
	return nil, false
}
