package s3

import (
	"encoding/base64"
	"hash/crc32"
	"hash/crc64"
	"sort"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCombinedCRCs(t *testing.T) {
	whole := []byte(strings.Repeat("0123456789abcdef", 1000))
	for _, cut := range []int{0, 1, 7, 8000, len(whole)} {
		a, b := whole[:cut], whole[cut:]
		if got, want := combiner(crc32.IEEE, 32)(uint64(crc32.ChecksumIEEE(a)), uint64(crc32.ChecksumIEEE(b)), int64(len(b))), crc32.ChecksumIEEE(whole); got != uint64(want) {
			t.Errorf("CRC32 cut at %d: got %x, want %x", cut, got, want)
		}
		if got, want := combiner(0x9a6c9329ac4bc9b5, 64)(crc64.Checksum(a, nvme), crc64.Checksum(b, nvme), int64(len(b))), crc64.Checksum(whole, nvme); got != want {
			t.Errorf("CRC64NVME cut at %d: got %x, want %x", cut, got, want)
		}
	}
	// The check value of CRC-64/NVME.
	if got := base64.StdEncoding.EncodeToString(text(crc64.Checksum([]byte("123456789"), nvme), 8)); got != "rosUhgp5mIg=" {
		t.Errorf("CRC64NVME of 123456789: got %s", got)
	}
}

func TestPublicPolicies(t *testing.T) {
	statement := func(principal, condition string) string {
		return `{"Statement":{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"` + condition + `}}`
	}
	for _, row := range []struct {
		what   string
		policy string
		public bool
	}{
		{"anyone", statement(`"*"`, ""), true},
		{"anyone, as AWS", statement(`{"AWS":["111122223333","*"]}`, ""), true},
		{"an account", statement(`{"AWS":"arn:aws:iam::111122223333:root"}`, ""), false},
		{"a service", statement(`{"Service":"cloudtrail.amazonaws.com"}`, ""), false},
		{"anyone of an organization", statement(`"*"`, `,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}`), false},
		{"anyone of any organization", statement(`"*"`, `,"Condition":{"StringLike":{"aws:PrincipalOrgID":"*"}}`), true},
		{"anyone at an address", statement(`"*"`, `,"Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`), false},
		{"anyone nearly everywhere", statement(`"*"`, `,"Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/1"}}`), true},
		{"anyone but an address", statement(`"*"`, `,"Condition":{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`), true},
		{"anyone by TLS", statement(`"*"`, `,"Condition":{"Bool":{"aws:SecureTransport":true}}`), true},
		{"nobody", strings.Replace(statement(`"*"`, ""), "Allow", "Deny", 1), false},
	} {
		public, err := checkPolicy(row.policy, "b")
		if err != nil || public != row.public {
			t.Errorf("%s: got %v, %v, want %v", row.what, public, err, row.public)
		}
	}
	for what, policy := range map[string]string{
		"no JSON":                 `{`,
		"a list":                  `[]`,
		"no statement":            `{"Version":"2012-10-17"}`,
		"an unknown field":        `{"Statement":[],"X":1}`,
		"no principal":            `{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b"}}`,
		"another service":         strings.Replace(statement(`"*"`, ""), "s3:GetObject", "ec2:RunInstances", 1),
		"another bucket":          strings.Replace(statement(`"*"`, ""), ":::b/*", ":::bb/*", 1),
		"a name of no principal":  statement(`{"AWS":"yamada"}`, ""),
		"something after the end": statement(`"*"`, "") + "{}",
		"an unknown effect":       strings.Replace(statement(`"*"`, ""), "Allow", "Perhaps", 1),
		"an unknown version":      `{"Version":"2030-01-01","Statement":[]}`,
	} {
		if _, err := checkPolicy(policy, "b"); err == nil {
			t.Errorf("%s is no error", what)
		}
	}
}

func FuzzPolicy(f *testing.F) {
	f.Add(`{"Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["s3:*"],"Resource":"arn:aws:s3:::b/*","Condition":{"Bool":{"aws:SecureTransport":true}}}}`)
	f.Fuzz(func(t *testing.T, policy string) {
		if public, err := checkPolicy(policy, "b"); public && err != nil {
			t.Errorf("%q is refused and public", policy)
		}
	})
}

func FuzzRange(f *testing.F) {
	for _, spec := range []string{"bytes=0-0", "bytes=-5", "bytes=5-", "bytes=99999999999999999999-", "bytes=1-2,3-4"} {
		f.Add(spec, int64(10))
	}
	f.Fuzz(func(t *testing.T, spec string, size int64) {
		if size < 0 {
			return
		}
		for _, read := range []func() (window, bool, error){
			func() (window, bool, error) { return parseRange(spec, size) },
			func() (window, bool, error) { w, err := copyRange(&spec, size); return w, true, err },
		} {
			if w, ok, err := read(); ok && err == nil && (w.offset < 0 || w.size < 1 || w.offset+w.size > size) {
				t.Errorf("%q of %d bytes gives %+v", spec, size, w)
			}
		}
	})
}

func FuzzCopySource(f *testing.F) {
	f.Add("/bucket/a%20b?versionId=null")
	f.Fuzz(func(t *testing.T, header string) {
		s, err := parseSource(header)
		if err == nil && (s.bucket == "" || s.key == "" || !utf8.ValidString(s.key) || strings.Contains(s.bucket, "/")) {
			t.Errorf("%q gives %+v", header, s)
		}
	})
}

func FuzzTagging(f *testing.F) {
	f.Add("a=1&b=%E4%BA%BA")
	f.Fuzz(func(t *testing.T, header string) {
		set, err := readTagging(&header)
		if err == nil && len(set) > maxObjectTags {
			t.Errorf("%q gives %d tags", header, len(set))
		}
	})
}

// Record keys sort as the objects' keys do, and what lies behind a prefix is
// behind every key with it.
func FuzzKeys(f *testing.F) {
	f.Add("a", "a\x00")
	f.Add("a\x01", "a\x02")
	f.Add("a/", "a0")
	f.Add("\U0010ffff", "\ud7ff")
	f.Fuzz(func(t *testing.T, a, b string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) {
			return
		}
		x, y := place("b", a)+separator+"0", place("b", b)+separator+"0"
		if (a < b) != (x < y) || strings.ContainsRune(x, 0) {
			t.Errorf("%q and %q sort as %v, their records as %v", a, b, a < b, x < y)
		}
		limit := behind(place("b", a))
		if inside := strings.HasPrefix(b, a); inside != (y >= place("b", a) && y < limit) {
			t.Errorf("%q begins with %q: %v; the record says otherwise (limit %q)", b, a, inside, limit)
		}
		if !sort.StringsAreSorted([]string{place("b", a), x, place("b", a) + "\x02"}) {
			t.Errorf("the versions of %q do not lie before the next key", a)
		}
	})
}
