package wire

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"net/http"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/sigv4"
)

// nvme is the polynomial of CRC64NVME, reversed (NVM Express, "NVM Command Set
// Specification", 64b guard protection).
const nvme = 0x9a6c9329ac4bc9b5

// algorithms are the checksums of x-amz-checksum-<name> that are known here, as
// S3's texts write their names.
var algorithms = map[string]struct {
	name string
	make func() hash.Hash
}{
	"crc32":     {"CRC32", func() hash.Hash { return crc32.NewIEEE() }},
	"crc32c":    {"CRC32C", func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) }},
	"crc64nvme": {"CRC64NVME", func() hash.Hash { return crc64.New(crc64.MakeTable(nvme)) }},
	"sha1":      {"SHA1", sha1.New},
	"sha256":    {"SHA256", sha256.New},
	"sha512":    {"SHA512", sha512.New},
	"md5":       {"MD5", md5.New},
}

const checksumPrefix = "X-Amz-Checksum-"

// checksums compares a body in memory with the checksums that came with it, in
// headers or trailers. Rooms do so for streams.
// Source: Amazon S3 User Guide, "Checking object integrity".
func (x *exchange) checksums(body *sigv4.Body) error {
	seen := false
	if said := x.r.Header.Get("Content-Md5"); said != "" {
		seen = true
		if err := x.checkMD5(said); err != nil {
			return err
		}
	}
	for name := range x.r.Header {
		if kind, ok := strings.CutPrefix(name, checksumPrefix); ok && known(kind) {
			seen = true
			if err := x.checksum(kind, x.r.Header.Get(name)); err != nil {
				return err
			}
		}
	}
	for kind := range algorithms {
		if said := body.Trailer(checksumPrefix + kind); said != "" {
			seen = true
			if err := x.checksum(kind, said); err != nil {
				return err
			}
		}
	}
	if !seen && x.op != nil && x.op.Checksum != nil && x.op.Checksum.Required {
		return &api.Fault{
			Code: "InvalidRequest", Status: http.StatusBadRequest,
			Message: "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
		}
	}
	return nil
}

func known(kind string) bool {
	_, ok := algorithms[strings.ToLower(kind)]
	return ok
}

func (x *exchange) checkMD5(said string) error {
	want, err := base64.StdEncoding.DecodeString(said)
	if err != nil || len(want) != md5.Size {
		return &api.Fault{
			Code: "InvalidDigest", Status: http.StatusBadRequest, Message: "The Content-MD5 you specified was invalid.",
			Extra: map[string]string{"Content-MD5": clip(said)},
		}
	}
	if sum := md5.Sum(x.request.Body); !bytes.Equal(sum[:], want) {
		return &api.Fault{
			Code: "BadDigest", Status: http.StatusBadRequest, Message: "The Content-MD5 you specified did not match what we received.",
			Extra: map[string]string{"ExpectedDigest": clip(said), "CalculatedDigest": base64.StdEncoding.EncodeToString(sum[:])},
		}
	}
	return nil
}

func (x *exchange) checksum(kind, said string) error {
	a := algorithms[strings.ToLower(kind)]
	h := a.make()
	h.Write(x.request.Body)
	want, err := base64.StdEncoding.DecodeString(said)
	if err != nil || len(want) != h.Size() {
		return &api.Fault{
			Code: "InvalidRequest", Status: http.StatusBadRequest,
			Message: "Value for " + strings.ToLower(checksumPrefix+kind) + " header is invalid.",
		}
	}
	if !bytes.Equal(h.Sum(nil), want) {
		return &api.Fault{
			Code: "BadDigest", Status: http.StatusBadRequest,
			Message: "The " + a.name + " you specified did not match the calculated checksum.",
		}
	}
	return nil
}
