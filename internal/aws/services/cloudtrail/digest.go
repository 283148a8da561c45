package cloudtrail

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// digestEvery is how often a digest file tells of the log files.
const digestEvery = time.Hour

// chain is the state of the digest files of a trail in one Region. Each names
// the one before it and holds its signature.
// Source: CloudTrail User Guide, "CloudTrail digest file structure".
type chain struct {
	Start    time.Time // of the next digest
	Files    []file    `json:",omitempty"` // delivered and not yet told of
	Previous *link     `json:",omitempty"` // nil for the first
	Ended    bool      `json:",omitempty"` // there will be no next one
	Ready    bool      `json:",omitempty"` // there is a key that will sign
}

// file is a log file that was delivered.
type file struct {
	At     time.Time // when
	Bucket string
	Key    string
	Hash   string // SHA-256 of its text, not of the gzip
	Oldest time.Time
	Newest time.Time
}

// link is a digest file that the next one names.
type link struct{ Bucket, Key, Hash, Signature string }

// begin starts a chain in a Region where there is none.
func (d *delivery) begin(region string, at time.Time) *chain {
	if c := d.Digests[region]; c != nil && !c.Ended {
		return c
	}
	if d.Digests == nil {
		d.Digests = map[string]*chain{}
	}
	d.Digests[region] = &chain{Start: at.UTC().Truncate(time.Second)}
	return d.Digests[region]
}

// end is when the next digest ends.
func (c *chain) end() time.Time { return c.Start.Add(digestEvery) }

// due lists the files that the next digest tells of.
func (c *chain) due() []file {
	var out []file
	for _, f := range c.Files {
		if f.At.Before(c.end()) {
			out = append(out, f)
		}
	}
	return out
}

// move notes that the next digest is delivered. last says that no other
// follows.
func (c *chain) move(to *link, last bool) {
	told := c.end()
	c.Files = slices.DeleteFunc(c.Files, func(f file) bool { return f.At.Before(told) })
	c.Start, c.Previous = told, to
	c.Ended = last && len(c.Files) == 0
}

// digest is the text of a digest file.
type digest struct {
	AccountID          string       `json:"awsAccountId"`
	StartTime          string       `json:"digestStartTime"`
	EndTime            string       `json:"digestEndTime"`
	Bucket             string       `json:"digestS3Bucket"`
	Object             string       `json:"digestS3Object"`
	Fingerprint        string       `json:"digestPublicKeyFingerprint"`
	SignatureAlgorithm string       `json:"digestSignatureAlgorithm"`
	NewestEventTime    *string      `json:"newestEventTime"`
	OldestEventTime    *string      `json:"oldestEventTime"`
	PreviousBucket     *string      `json:"previousDigestS3Bucket"`
	PreviousObject     *string      `json:"previousDigestS3Object"`
	PreviousHash       *string      `json:"previousDigestHashValue"`
	PreviousAlgorithm  *string      `json:"previousDigestHashAlgorithm"`
	PreviousSignature  *string      `json:"previousDigestSignature"`
	LogFiles           []digestFile `json:"logFiles"`
}

type digestFile struct {
	Bucket          string `json:"s3Bucket"`
	Object          string `json:"s3Object"`
	HashValue       string `json:"hashValue"`
	HashAlgorithm   string `json:"hashAlgorithm"`
	NewestEventTime string `json:"newestEventTime"`
	OldestEventTime string `json:"oldestEventTime"`
}

const (
	hashAlgorithm      = "SHA-256"
	signatureAlgorithm = "SHA256withRSA"
)

// digestKey names the digest file of a Region that ends at a time.
func (t *trail) digestKey(region string, end time.Time) string {
	return t.folder("CloudTrail-Digest") + region + end.UTC().Format("/2006/01/02/") +
		t.Account + "_CloudTrail-Digest_" + region + "_" + t.Name + "_" + t.Region + "_" + end.UTC().Format("20060102T150405Z") + ".json.gz"
}

// next makes the next digest of a chain, signed.
func (c *chain) next(t *trail, region, fingerprint string, key *rsa.PrivateKey) (Object, *link, error) {
	d := digest{
		AccountID: t.Account, StartTime: stamp(c.Start), EndTime: stamp(c.end()), Bucket: t.Bucket, Object: t.digestKey(region, c.end()),
		Fingerprint: fingerprint, SignatureAlgorithm: signatureAlgorithm, LogFiles: []digestFile{},
	}
	before := "null"
	if p := c.Previous; p != nil {
		d.PreviousBucket, d.PreviousObject, d.PreviousHash, d.PreviousSignature = &p.Bucket, &p.Key, &p.Hash, &p.Signature
		d.PreviousAlgorithm, before = new(hashAlgorithm), p.Signature
	}
	d.tell(c.due())
	body, hash, err := packed(d)
	if err != nil {
		return Object{}, nil, err
	}
	signature, err := sign(key, d.EndTime+"\n"+d.Bucket+"/"+d.Object+"\n"+hash+"\n"+before)
	if err != nil {
		return Object{}, nil, err
	}
	o := t.object(d.Object, body)
	o.Metadata = map[string]string{"signature": signature, "signature-algorithm": signatureAlgorithm}
	return o, &link{d.Bucket, d.Object, hash, signature}, nil
}

// tell lists the log files, and the oldest and newest of their events.
func (d *digest) tell(files []file) {
	var oldest, newest time.Time
	for _, f := range files {
		d.LogFiles = append(d.LogFiles, digestFile{f.Bucket, f.Key, f.Hash, hashAlgorithm, stamp(f.Newest), stamp(f.Oldest)})
		if oldest.IsZero() || f.Oldest.Before(oldest) {
			oldest = f.Oldest
		}
		if f.Newest.After(newest) {
			newest = f.Newest
		}
	}
	if len(files) > 0 {
		d.NewestEventTime, d.OldestEventTime = new(stamp(newest)), new(stamp(oldest))
	}
}

// sign signs a text, in hexadecimal digits as the object's metadata holds it.
func sign(key *rsa.PrivateKey, text string) (string, error) {
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	return hex.EncodeToString(signature), err
}
