package sigv4

import (
	"context"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"tamachi/internal/aws/api"
)

// The payload hashes of bodies that are sent in chunks.
// Source: Amazon S3 API Reference, "Signature Calculations for the
// Authorization Header: Transferring Payload in Multiple Chunks".
const (
	streamingSigned          = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	streamingSignedTrailer   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	streamingUnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
)

// Payload is what a request says of its body, and what is needed to check that
// while the body is read.
type Payload struct {
	said string // x-amz-content-sha256

	trusted  bool   // chunk signatures are not compared
	signing  []byte // key of chunk signatures
	scope    string
	at       string
	previous string // the last signature: each chunk's signs the one before

	trailers []string // names that x-amz-trailer announces, small
	length   int64    // of the body without its chunks; -1 when unknown
}

// Prove verifies the signature of r without its body, which the Payload checks
// while it is read. The errors are Verify's.
func (v *Verifier) Prove(ctx context.Context, r *http.Request, signingName string) (Identity, *Payload, error) {
	c, f := v.claim(r, signingName)
	if f != nil {
		return Identity{}, nil, f
	}
	if c.service == "s3" {
		if f := c.coversS3(r.Header); f != nil {
			return Identity{}, nil, f
		}
	}
	said := r.Header.Get("X-Amz-Content-Sha256")
	if said == "" && c.presigned {
		if said = r.URL.Query().Get("X-Amz-Content-Sha256"); said == "" {
			said = unsignedPayload
		}
	}
	p, f := payload(r, said)
	if f != nil {
		return Identity{}, nil, f
	}
	id, signing, err := v.verify(ctx, c, r, said)
	if err != nil {
		return id, nil, err
	}
	p.signing, p.scope, p.at, p.previous, p.trusted = signing, c.scope(), c.at.Format(basicISO), c.signature, v.trusts
	if p.chunkSigned() && !p.trusted && (c.presigned || signing == nil) {
		return id, nil, failPayload()
	}
	return id, p, nil
}

// Unsigned is the Payload of a request that nobody signed.
func Unsigned(r *http.Request) (*Payload, *Failure) {
	said := r.Header.Get("X-Amz-Content-Sha256")
	if said == "" {
		said = unsignedPayload
	}
	p, f := payload(r, said)
	if f == nil && p.chunkSigned() {
		return nil, failPayload()
	}
	return p, f
}

// payload reads the headers that describe a body.
func payload(r *http.Request, said string) (*Payload, *Failure) {
	p := &Payload{said: said, length: r.ContentLength}
	switch said {
	case "":
		return nil, failIncomplete("Missing x-amz-content-sha256. ").
			sayS3("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
	case unsignedPayload:
		return p, nil
	case streamingSigned, streamingSignedTrailer, streamingUnsignedTrailer:
		return p, p.chunks(r)
	}
	if sum, err := hex.DecodeString(said); err != nil || len(sum) != 32 {
		return nil, failPayload()
	}
	return p, nil
}

// chunks reads the headers of a body in chunks.
func (p *Payload) chunks(r *http.Request) *Failure {
	n, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64)
	if err != nil || n < 0 {
		return failIncomplete("Missing x-amz-decoded-content-length. ").
			sayS3Status("MissingContentLength", "You must provide the Content-Length HTTP header.", http.StatusLengthRequired)
	}
	p.length = n
	if p.said == streamingSigned {
		return nil
	}
	for _, line := range r.Header.Values("X-Amz-Trailer") {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
				p.trailers = append(p.trailers, name)
			}
		}
	}
	if len(p.trailers) > maxTrailers {
		return failIncomplete("Too many trailers. ").sayS3(malformedTrailer().Code, malformedTrailer().Message)
	}
	return nil
}

// failPayload refuses a payload hash that is none, among them that of Signature
// Version 4A.
func failPayload() *Failure {
	f := failIncomplete("Unsupported payload signing (a hash of the body, UNSIGNED-PAYLOAD, %s, %s or %s). ",
		streamingSigned, streamingSignedTrailer, streamingUnsignedTrailer)
	f.s3 = &api.Fault{
		Code: "InvalidArgument", Status: http.StatusBadRequest,
		Message: "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, " + streamingUnsignedTrailer + ", " + streamingSigned + ", " +
			streamingSignedTrailer + " or a valid sha256 value.",
		Extra: map[string]string{"ArgumentName": "x-amz-content-sha256"},
	}
	return f
}

// Chunked tells whether the body comes in AWS's chunks.
func (p *Payload) Chunked() bool { return strings.HasPrefix(p.said, "STREAMING-") }

func (p *Payload) chunkSigned() bool {
	return p.said == streamingSigned || p.said == streamingSignedTrailer
}

func (p *Payload) trailed() bool {
	return p.said == streamingSignedTrailer || p.said == streamingUnsignedTrailer
}

// Length is that of the body as the operation sees it; -1 when it is unknown.
func (p *Payload) Length() int64 { return p.length }

// Chunked tells whether a request says that its body comes in AWS's chunks.
func Chunked(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-")
}
