package s3

import (
	"context"
	"crypto/md5" // what an ETag is
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// CompleteMultipartUpload makes an object of the parts, without copying them.
func (s *Service) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput) (*s3.CompleteMultipartUploadOutput, error) {
	if in.MultipartUpload == nil || len(in.MultipartUpload.Parts) == 0 {
		return nil, malformedXML()
	}
	if err := writeConditions(in.IfMatch, in.IfNoneMatch); err != nil {
		return nil, err
	}
	var b *bucket
	var done *completion
	err := s.within(ctx, in.Bucket, in.ExpectedBucketOwner, func(tx *store.Tx, now *bucket) (err error) {
		b = now
		done, err = s.complete(tx, b, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &s3.CompleteMultipartUploadOutput{
		Bucket: in.Bucket, Key: in.Key, ETag: aws.String(`"` + done.ETag + `"`), ChecksumType: done.Checksum.kind(),
		Location:             aws.String("https://" + b.Name + ".s3." + b.Region + ".amazonaws.com/" + url.PathEscape(*in.Key)),
		ServerSideEncryption: types.ServerSideEncryptionAes256,
	}
	if b.versioned() {
		out.VersionId = aws.String(done.Version)
	}
	out.ChecksumCRC32, out.ChecksumCRC32C, out.ChecksumCRC64NVME, out.ChecksumSHA1, out.ChecksumSHA256 = done.Checksum.members()
	return out, nil
}

func (s *Service) completeMultipartUploadChecks(ctx context.Context, in *s3.CompleteMultipartUploadInput) ([]api.Check, error) {
	return s.onObject(ctx, in.Bucket, in.Key, "PutObject")
}

func (s *Service) complete(tx *store.Tx, b *bucket, in *s3.CompleteMultipartUploadInput) (*completion, error) {
	u, err := findUpload(tx, b, *in.Key, *in.UploadId)
	if err != nil {
		return nil, err
	}
	asked := fingerprint(in.MultipartUpload.Parts)
	if u.Done != nil { // the answer was lost and the call is repeated
		if u.Done.Parts != asked {
			return nil, noSuchUpload(u.ID)
		}
		return u.Done, nil
	}
	have, err := parts.By(tx, b.scope(), "upload", u.ID, store.Page{})
	if err != nil {
		return nil, err
	}
	chosen, err := u.choose(have, in.MultipartUpload.Parts)
	if err != nil {
		return nil, err
	}
	o, list, err := s.assemble(u, chosen, in)
	if err != nil {
		return nil, err
	}
	if err := s.put(tx, b, o, in.IfMatch, in.IfNoneMatch); err != nil {
		return nil, err
	}
	if err := bodies.Put(tx, b.scope(), list); err != nil {
		return nil, err
	}
	u.Done = &completion{Parts: asked, Version: o.version(), ETag: o.ETag, Checksum: o.Checksum, Size: o.Size}
	return u.Done, s.finish(tx, b, u, have, chosen)
}

// finish turns the upload's records into that of an upload that is done.
func (s *Service) finish(tx *store.Tx, b *bucket, u *upload, have []*part, used []part) error {
	blobs := make(map[int32]bool, len(used))
	for _, p := range used {
		blobs[p.Number] = true
	}
	for _, p := range have {
		if !blobs[p.Number] {
			if err := s.doom(tx, b, body{Blob: p.Blob}); err != nil {
				return err
			}
		}
		if err := parts.Delete(tx, b.scope(), parts.Key(p)); err != nil {
			return err
		}
	}
	d := &doomed{Due: s.clock.Now().Add(24 * time.Hour), Upload: uploads.Key(u), Account: b.Owner, Region: b.Region}
	return errors.Join(dooms.Put(tx, store.Scope{}, d), uploads.Put(tx, b.scope(), u))
}

// choose picks the parts that a client names, in its order, and holds them to
// S3's rules. Source: Amazon S3 API Reference, "CompleteMultipartUpload",
// special errors.
func (u *upload) choose(have []*part, asked []types.CompletedPart) ([]part, error) {
	byNumber := make(map[int32]*part, len(have))
	for _, p := range have {
		byNumber[p.Number] = p
	}
	var out []part
	last := int32(0)
	for _, a := range asked {
		n := aws.ToInt32(a.PartNumber)
		if n <= last {
			return nil, fault(statusBadRequest, "InvalidPartOrder",
				"The list of parts was not in ascending order. The parts list must be specified in order by part number.", "UploadId", u.ID)
		}
		last = n
		p := byNumber[n]
		if p == nil || strings.Trim(aws.ToString(a.ETag), `"`) != p.ETag {
			return nil, invalidPart(u.ID, a)
		}
		if err := u.checkSum(p, a); err != nil {
			return nil, err
		}
		out = append(out, *p)
	}
	for _, p := range out[:len(out)-1] {
		if p.Size < minPart {
			return nil, fault(statusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
				"ProposedSize", itoa(p.Size), "MinSizeAllowed", itoa(minPart), "PartNumber", itoa(int64(p.Number)), "ETag", p.ETag)
		}
	}
	return out, nil
}

// checkSum compares the checksum that a client names for a part.
func (u *upload) checkSum(p *part, a types.CompletedPart) error {
	name, value, err := givens(a.ChecksumCRC32, a.ChecksumCRC32C, a.ChecksumCRC64NVME, a.ChecksumSHA1, a.ChecksumSHA256).one()
	if err != nil {
		return err
	}
	switch {
	case name == "" && u.Chosen && u.Composite:
		algorithm := strings.ToLower(u.Algorithm)
		return invalidRequest("The upload was created using a " + algorithm + " checksum. The complete request must include the checksum for each part. It was missing for part " + itoa(int64(p.Number)) + " in the request.")
	case name == u.Algorithm && value != p.Sum:
		return invalidPart(u.ID, a)
	}
	return nil
}

// assemble makes the object of the chosen parts.
func (s *Service) assemble(u *upload, chosen []part, in *s3.CompleteMultipartUploadInput) (*object, *pieces, error) {
	o := &object{Bucket: u.Bucket, Key: u.Key, Headers: u.Headers, Meta: u.Meta, Tags: u.Tags}
	list := &pieces{ID: u.ID}
	digest := md5.New()
	for _, p := range chosen {
		raw, err := hex.DecodeString(p.ETag)
		if err != nil {
			return nil, nil, fmt.Errorf("part %d of upload %s: %w", p.Number, u.ID, err)
		}
		digest.Write(raw)
		o.Size += p.Size
		list.List = append(list.List, piece{Number: p.Number, Blob: p.Blob, Size: p.Size, Sum: p.Sum})
	}
	if o.Size > maxAssembly {
		return nil, nil, tooLarge(o.Size)
	}
	if in.MpuObjectSize != nil && *in.MpuObjectSize != o.Size {
		return nil, nil, invalidRequest("The provided 'x-amz-mp-object-size' header value does not match what was computed.")
	}
	o.ETag = hex.EncodeToString(digest.Sum(nil)) + "-" + strconv.Itoa(len(chosen))
	o.Body = body{Pieces: list.ID, Parts: int32(len(chosen))}
	if o.Headers.ContentType == "" {
		o.Headers.ContentType = defaultType
	}
	var err error
	if o.Checksum, err = compose(u.Algorithm, u.Composite, chosen); err != nil {
		return nil, nil, fmt.Errorf("checksum of upload %s: %w", u.ID, err)
	}
	return o, list, o.expects(in)
}

// expects compares the checksum of the whole that a client names.
func (o *object) expects(in *s3.CompleteMultipartUploadInput) error {
	sums := givens(in.ChecksumCRC32, in.ChecksumCRC32C, in.ChecksumCRC64NVME, in.ChecksumSHA1, in.ChecksumSHA256)
	if len(sums) > 1 {
		_, _, err := sums.one()
		return err
	}
	for name, value := range sums {
		whole, _, _ := strings.Cut(o.Checksum.Value, "-")
		if name == o.Checksum.Algorithm && value != o.Checksum.Value && value != whole {
			return unlike(name)
		}
	}
	if in.ChecksumType != "" && in.ChecksumType != o.Checksum.kind() {
		return invalidRequest("The upload was created using the " + string(o.Checksum.kind()) + " checksum mode. The complete request must use the same checksum mode.")
	}
	return nil
}

// fingerprint tells one list of parts from another.
func fingerprint(list []types.CompletedPart) string {
	h := md5.New()
	for _, p := range list {
		fmt.Fprintf(h, "%d %s\n", aws.ToInt32(p.PartNumber), strings.Trim(aws.ToString(p.ETag), `"`))
	}
	return hex.EncodeToString(h.Sum(nil))
}
