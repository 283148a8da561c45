package sigv4

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"tamachi/internal/aws/api"
)

// Limits of a body in chunks. A chunk itself may have any size: it is never in
// memory as a whole.
const (
	maxChunkHeader = 256
	maxTrailers    = 16
	maxTrailerLine = 1024
	// minSigned is the least size of a signed chunk but the last
	// (S3: "Transferring Payload in Multiple Chunks").
	minSigned = 8 << 10
)

// Body is the body of a request as the operation sees it: without chunks, and
// checked while it is read. Whoever reads it may use what came only after
// io.EOF: a wrong hash or signature shows at the end of its part. Errors are
// smithy.APIErrors in S3's words.
type Body struct {
	p    *Payload
	src  io.Reader
	hash hash.Hash // of the body, or of the chunk at hand; nil when unsigned
	err  error     // what every further Read answers

	lines    *bufio.Reader // over src, of a body in chunks
	left     int64         // of the chunk at hand
	size     int64         // of the chunk at hand
	total    int64
	claimed  string // signature of the chunk at hand
	begun    bool   // a chunk is at hand
	small    bool   // a chunk smaller than minSigned was seen
	trailers map[string]string
}

// Open is the body that the payload describes, read from src.
func (p *Payload) Open(src io.Reader) *Body {
	b := &Body{p: p, src: src}
	if p.Chunked() {
		b.lines = bufio.NewReaderSize(src, 4096)
		b.src = b.lines
	}
	if p.said != unsignedPayload && p.said != streamingUnsignedTrailer {
		b.hash = sha256.New()
	}
	return b
}

// Trailer is the text of a trailer, once Read has answered io.EOF; empty when
// there was none.
func (b *Body) Trailer(name string) string { return b.trailers[strings.ToLower(name)] }

// Announced are the names of the trailers that are to come, in lower case: the
// SDK for Go says nowhere else which checksum it sends.
func (b *Body) Announced() []string { return b.p.trailers }

// Read reads the next part.
func (b *Body) Read(to []byte) (n int, err error) {
	if b.err != nil {
		return 0, b.err
	}
	if len(to) == 0 {
		return 0, nil
	}
	if b.p.Chunked() {
		n, err = b.readChunked(to)
	} else {
		n, err = b.readPlain(to)
	}
	if err != nil {
		b.err = outward(err)
	}
	return n, b.err
}

// outward leaves errors that are fit for the caller as they are, and takes all
// others for a body that ended early.
func outward(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	if told, ok := errors.AsType[smithy.APIError](err); ok {
		return told
	}
	return incompleteBody()
}

func (b *Body) readPlain(to []byte) (int, error) {
	n, err := b.src.Read(to)
	if b.hash == nil {
		return n, err
	}
	b.hash.Write(to[:n])
	if !errors.Is(err, io.EOF) {
		return n, err
	}
	if have := hex.EncodeToString(b.hash.Sum(nil)); subtle.ConstantTimeCompare([]byte(have), []byte(b.p.said)) != 1 {
		return n, &api.Fault{
			Code: "XAmzContentSHA256Mismatch", Status: http.StatusBadRequest,
			Message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
			Extra:   map[string]string{"ClientComputedContentSHA256": b.p.said, "S3ComputedContentSHA256": have},
		}
	}
	return n, io.EOF
}

func (b *Body) readChunked(to []byte) (int, error) {
	for b.left == 0 {
		if err := b.nextChunk(); err != nil {
			return 0, err
		}
	}
	n, err := b.src.Read(to[:min(int64(len(to)), b.left)])
	b.left -= int64(n)
	if b.hash != nil {
		b.hash.Write(to[:n])
	}
	if err != nil {
		err = cutShort(err)
	}
	return n, err
}

// nextChunk ends the chunk at hand and begins the next; io.EOF comes after the
// last, when all signatures were right.
func (b *Body) nextChunk() error {
	if b.begun {
		if err := b.endChunk(); err != nil {
			return err
		}
	}
	if err := b.beginChunk(); err != nil {
		return err
	}
	if b.size > 0 {
		return nil
	}
	if err := b.verifyChunk(); err != nil {
		return err
	}
	if err := b.readTrailers(); err != nil {
		return err
	}
	if b.total != b.p.length {
		return incompleteBody()
	}
	if _, err := b.lines.ReadByte(); !errors.Is(err, io.EOF) {
		return cutShort(err)
	}
	return io.EOF
}

// beginChunk reads "size;chunk-signature=...", or the size alone.
func (b *Body) beginChunk() error {
	line, err := b.line(maxChunkHeader)
	if err != nil {
		return cutShort(err)
	}
	digits, extension, _ := strings.Cut(line, ";")
	size, ok := hexSize(digits)
	if !ok || b.total+size > b.p.length {
		return incompleteBody()
	}
	if b.p.chunkSigned() {
		signature, ok := strings.CutPrefix(extension, "chunk-signature=")
		if !ok {
			return incompleteBody()
		}
		b.claimed = signature
	}
	if b.small && size > 0 {
		return &api.Fault{
			Code: "InvalidChunkSizeError", Status: http.StatusForbidden,
			Message: "Only the last chunk is allowed to have a size less than 8192 bytes",
		}
	}
	b.small = b.p.chunkSigned() && size < minSigned
	b.size, b.left, b.begun = size, size, true
	b.total += size
	return nil
}

// hexSize reads the size of a chunk; strconv would take signs too.
func hexSize(digits string) (int64, bool) {
	if digits == "" || len(digits) > 15 {
		return 0, false
	}
	var n int64
	for i := range len(digits) {
		at := strings.IndexByte("0123456789abcdef", digits[i]|0x20)
		if at < 0 {
			return 0, false
		}
		n = n<<4 | int64(at)
	}
	return n, true
}

// endChunk reads the line end after a chunk's data and checks its signature.
func (b *Body) endChunk() error {
	for _, want := range []byte("\r\n") {
		if c, err := b.lines.ReadByte(); err != nil || c != want {
			return cutShort(err)
		}
	}
	return b.verifyChunk()
}

// cutShort is the error of a body that ended, or went on, where it must not; a
// reader's own error stays.
func cutShort(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return incompleteBody()
	}
	return err
}

func (b *Body) verifyChunk() error {
	if !b.p.chunkSigned() {
		return nil
	}
	var text []byte
	text = append(text, "AWS4-HMAC-SHA256-PAYLOAD\n"+b.p.at+"\n"+b.p.scope+"\n"+b.p.previous+"\n"+emptyHash+"\n"...)
	text = hex.AppendEncode(text, b.hash.Sum(nil))
	b.hash.Reset()
	return b.verifySignature(text, b.claimed)
}

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

func (b *Body) verifySignature(text []byte, claimed string) error {
	if b.p.trusted {
		return nil
	}
	h := hmac.New(sha256.New, b.p.signing)
	h.Write(text)
	want := hex.EncodeToString(h.Sum(nil))
	if subtle.ConstantTimeCompare([]byte(want), []byte(claimed)) != 1 {
		return &api.Fault{
			Code: "SignatureDoesNotMatch", Status: http.StatusForbidden,
			Message: "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
			Extra:   map[string]string{"StringToSign": string(text), "SignatureProvided": clip(claimed)},
		}
	}
	b.p.previous = want
	return nil
}

// readTrailers reads what follows the last chunk: an empty line, or the
// announced trailers and, where chunks are signed, their signature.
func (b *Body) readTrailers() error {
	if !b.p.trailed() {
		if line, err := b.line(2); err != nil || line != "" {
			return cutShort(err)
		}
		return nil
	}
	b.trailers = map[string]string{}
	var canonical strings.Builder
	for range 2*maxTrailers + 4 {
		line, err := b.line(maxTrailerLine)
		if errors.Is(err, io.EOF) && line == "" {
			return b.checkTrailers(canonical.String(), "")
		}
		if err != nil {
			return cutShort(err)
		}
		if line == "" {
			if !b.p.chunkSigned() {
				return b.checkTrailers("", "")
			}
			continue // the signature is still to come
		}
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if ok && name == "x-amz-trailer-signature" && b.p.chunkSigned() {
			if end, err := b.line(2); err != nil && !errors.Is(err, io.EOF) || end != "" {
				return malformedTrailer()
			}
			return b.checkTrailers(canonical.String(), value)
		}
		if !ok || !slices.Contains(b.p.trailers, name) || b.trailers[name] != "" {
			return malformedTrailer()
		}
		b.trailers[name] = value
		canonical.WriteString(name + ":" + value + "\n")
	}
	return malformedTrailer()
}

// checkTrailers wants every announced trailer, and their signature.
func (b *Body) checkTrailers(canonical, signature string) error {
	for _, name := range b.p.trailers {
		if b.trailers[name] == "" {
			return malformedTrailer()
		}
	}
	if !b.p.chunkSigned() {
		return nil
	}
	sum := sha256.Sum256([]byte(canonical))
	text := []byte("AWS4-HMAC-SHA256-TRAILER\n" + b.p.at + "\n" + b.p.scope + "\n" + b.p.previous + "\n")
	return b.verifySignature(hex.AppendEncode(text, sum[:]), signature)
}

// line reads a line of at most limit bytes without its end. io.EOF comes with
// what there was.
func (b *Body) line(limit int) (string, error) {
	text, err := b.lines.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) || len(text) > limit+2 {
		return "", incompleteBody()
	}
	if err != nil {
		return string(text), err
	}
	return strings.TrimSuffix(string(text[:len(text)-1]), "\r"), nil
}

func incompleteBody() *api.Fault {
	return &api.Fault{
		Code: "IncompleteBody", Status: http.StatusBadRequest,
		Message: "You did not provide the number of bytes specified by the Content-Length HTTP header.",
	}
}

func malformedTrailer() *api.Fault {
	return &api.Fault{
		Code: "MalformedTrailerError", Status: http.StatusBadRequest,
		Message: "The request contained trailing data that was not well-formed or did not conform to our published schema.",
	}
}
