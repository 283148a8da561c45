package s3

import (
	"crypto/sha1" // one of S3's checksum algorithms
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// checksum is that of an object or a part.
// Source: Amazon S3 User Guide, "Checking object integrity in Amazon S3".
type checksum struct {
	Algorithm string `json:",omitempty"` // CRC64NVME
	Value     string `json:",omitempty"` // base64; "...-3" for a composite one
	Composite bool   `json:",omitempty"` // the checksum of the parts' checksums
}

// algorithm is a way to make checksums.
type algorithm struct {
	name string
	make func() hash.Hash
	// combine joins the CRCs of two stretches, the second of size bytes; nil
	// where the algorithm cannot.
	combine func(a, b uint64, size int64) uint64
}

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	nvme       = crc64.MakeTable(0x9a6c9329ac4bc9b5) // CRC-64/NVME, reflected
)

// algorithms lists what S3 offers; the first is the one it takes by itself.
var algorithms = []algorithm{
	{"CRC64NVME", func() hash.Hash { return crc64.New(nvme) }, combiner(0x9a6c9329ac4bc9b5, 64)},
	{"CRC32", func() hash.Hash { return crc32.NewIEEE() }, combiner(crc32.IEEE, 32)},
	{"CRC32C", func() hash.Hash { return crc32.New(castagnoli) }, combiner(crc32.Castagnoli, 32)},
	{"SHA1", sha1.New, nil},
	{"SHA256", sha256.New, nil},
}

const defaultAlgorithm = "CRC64NVME"

func findAlgorithm(name string) *algorithm {
	for i := range algorithms {
		if algorithms[i].name == name {
			return &algorithms[i]
		}
	}
	return nil
}

// header is the name of the algorithm's header and trailer.
func (a *algorithm) header() string { return "x-amz-checksum-" + strings.ToLower(a.name) }

// knownAlgorithm refuses those that this plane does not compute.
func knownAlgorithm(name types.ChecksumAlgorithm) error {
	if name == "" || findAlgorithm(string(name)) != nil {
		return nil
	}
	return invalidRequest("Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
}

// given are the checksums of an input's headers, by algorithm.
type given map[string]string

// givens collects the members that were given.
func givens(crc32, crc32c, crc64, sha1, sha256 *string) given {
	g := given{}
	for name, v := range map[string]*string{"CRC32": crc32, "CRC32C": crc32c, "CRC64NVME": crc64, "SHA1": sha1, "SHA256": sha256} {
		if v != nil {
			g[name] = *v
		}
	}
	return g
}

// one returns the only checksum that was given; "" for none.
func (g given) one() (name, value string, err error) {
	if len(g) > 1 {
		return "", "", invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
	}
	for name, value = range g {
		a := findAlgorithm(name)
		if b, err := base64.StdEncoding.DecodeString(value); err != nil || len(b) != a.make().Size() {
			return "", "", invalidRequest("Value for " + a.header() + " header is invalid.")
		}
	}
	return name, value, nil
}

// unlike is the answer to a body that does not have the checksum it should.
func unlike(name string) error {
	return fault(statusBadRequest, "BadDigest", "The "+name+" you specified did not match the calculated checksum.")
}

// members spreads a checksum over the five members that carry one.
func (c checksum) members() (crc32, crc32c, crc64, sha1, sha256 *string) {
	if c.Value == "" {
		return
	}
	v := c.Value
	switch c.Algorithm {
	case "CRC32":
		crc32 = &v
	case "CRC32C":
		crc32c = &v
	case "CRC64NVME":
		crc64 = &v
	case "SHA1":
		sha1 = &v
	case "SHA256":
		sha256 = &v
	}
	return
}

// kind is the checksum's type on the wire; empty where there is no checksum.
func (c checksum) kind() types.ChecksumType {
	switch {
	case c.Value == "":
		return ""
	case c.Composite:
		return types.ChecksumTypeComposite
	}
	return types.ChecksumTypeFullObject
}

func (c checksum) listed() []types.ChecksumAlgorithm {
	if c.Algorithm == "" {
		return nil
	}
	return []types.ChecksumAlgorithm{types.ChecksumAlgorithm(c.Algorithm)}
}

// compose makes the checksum of an object from those of its parts.
func compose(name string, composite bool, parts []part) (checksum, error) {
	a := findAlgorithm(name)
	if composite {
		h := a.make()
		for _, p := range parts {
			raw, err := base64.StdEncoding.DecodeString(p.Sum)
			if err != nil {
				return checksum{}, err
			}
			h.Write(raw)
		}
		value := base64.StdEncoding.EncodeToString(h.Sum(nil)) + "-" + strconv.Itoa(len(parts))
		return checksum{Algorithm: name, Value: value, Composite: true}, nil
	}
	var sum uint64
	size := a.make().Size()
	for _, p := range parts {
		raw, err := base64.StdEncoding.DecodeString(p.Sum)
		if err != nil {
			return checksum{}, err
		}
		sum = a.combine(sum, number(raw), p.Size)
	}
	return checksum{Algorithm: name, Value: base64.StdEncoding.EncodeToString(text(sum, size))}, nil
}

// number reads a big-endian checksum.
func number(b []byte) (n uint64) {
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n
}

func text(n uint64, size int) []byte {
	b := make([]byte, size)
	for i := size - 1; i >= 0; i-- {
		b[i] = byte(n)
		n >>= 8
	}
	return b
}
