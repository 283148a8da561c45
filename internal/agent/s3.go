package agent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// A small client of S3: objects are put, read and listed with the credentials
// of the node's role, at <bucket>.s3.<region>.<domain>.

// putObject writes an object. The body is read twice: once for its hash.
func (a *agent) putObject(ctx context.Context, bucket, key string, body io.ReadSeeker) error {
	res, err := a.s3(ctx, http.MethodPut, bucket, key, nil, body)
	if err != nil {
		return err
	}
	return res.Close()
}

// getObject reads an object; its reader must be closed.
func (a *agent) getObject(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	return a.s3(ctx, http.MethodGet, bucket, key, nil, nil)
}

// mostPages bounds a listing: a million keys.
const mostPages = 1000

// listObjects returns the keys of a bucket that begin with a prefix.
func (a *agent) listObjects(ctx context.Context, bucket, prefix string) ([]string, error) {
	var keys []string
	query := url.Values{"list-type": {"2"}, "prefix": {prefix}}
	for range mostPages {
		page, err := a.s3(ctx, http.MethodGet, bucket, "", query, nil)
		if err != nil {
			return nil, err
		}
		var list struct {
			Contents []struct{ Key string }
			Next     string `xml:"NextContinuationToken"`
		}
		err = xml.NewDecoder(io.LimitReader(page, 16<<20)).Decode(&list)
		page.Close()
		if err != nil {
			return nil, fmt.Errorf("list s3://%s/%s: %w", bucket, prefix, err)
		}
		for _, one := range list.Contents {
			keys = append(keys, one.Key)
		}
		if list.Next == "" {
			return keys, nil
		}
		query.Set("continuation-token", list.Next)
	}
	return nil, fmt.Errorf("list s3://%s/%s: more keys than this agent reads", bucket, prefix)
}

// s3 makes a request; a bucket of another Region is asked for there.
func (a *agent) s3(ctx context.Context, method, bucket, key string, query url.Values, body io.ReadSeeker) (io.ReadCloser, error) {
	region := a.cfg.Region
	for range 2 {
		res, err := a.s3In(ctx, method, region, bucket, key, query, body)
		if err != nil {
			return nil, fmt.Errorf("%s s3://%s/%s: %w", strings.ToLower(method), bucket, key, err)
		}
		if res.StatusCode/100 == 2 {
			return res.Body, nil
		}
		answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
		res.Body.Close()
		if err != nil {
			return nil, err
		}
		if there := res.Header.Get("X-Amz-Bucket-Region"); there != "" && there != region && hostPart.MatchString(there) {
			region = there
			continue
		}
		return nil, fmt.Errorf("%s s3://%s/%s: %w", strings.ToLower(method), bucket, key, readXMLRefusal(res.StatusCode, answer))
	}
	return nil, fmt.Errorf("%s s3://%s/%s: the bucket's Region is not to be found", strings.ToLower(method), bucket, key)
}

func (a *agent) s3In(ctx context.Context, method, region, bucket, key string, query url.Values, body io.ReadSeeker) (*http.Response, error) {
	if !hostPart.MatchString(bucket) {
		return nil, errors.New("this is no bucket's name")
	}
	creds, err := a.purse.get(ctx)
	if err != nil {
		return nil, err
	}
	hash, length, err := measure(body)
	if err != nil {
		return nil, err
	}
	var in io.Reader
	if body != nil {
		in = io.NopCloser(body)
	}
	cfg := a.cfg
	cfg.Region = region
	r, err := http.NewRequestWithContext(ctx, method, "https://"+bucket+"."+cfg.host("s3")+"/", in)
	if err != nil {
		return nil, err
	}
	r.ContentLength = length
	// url.Values sorts, and writes a blank as +, which S3 takes for a plus.
	r.URL.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20")
	r.URL.Path, r.URL.RawPath = "/"+key, "/"+escapeKey(key)
	r.Header.Set("User-Agent", "tamachi-agent/"+a.cfg.Version)
	creds.signHash(r, hash, region, "s3", a.cfg.Clock.Now())
	return a.plane.http.Do(r)
}

// measure returns hash and length of a body, and leaves it at its beginning.
func measure(body io.ReadSeeker) (hash string, length int64, err error) {
	sum := sha256.New()
	if body != nil {
		if _, err := body.Seek(0, io.SeekStart); err != nil {
			return "", 0, err
		}
		if length, err = io.Copy(sum, body); err != nil {
			return "", 0, err
		}
		if _, err := body.Seek(0, io.SeekStart); err != nil {
			return "", 0, err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), length, nil
}

// escapeKey writes a key as Signature Version 4 wants a path: all but the
// unreserved characters and the slash as %XX.
func escapeKey(key string) string {
	var b strings.Builder
	for i := range len(key) {
		c := key[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func readXMLRefusal(status int, body []byte) *refusal {
	r := &refusal{Status: status}
	var fault struct{ Code, Message string }
	if xml.Unmarshal(body, &fault) == nil {
		r.Code, r.Message = fault.Code, clip(fault.Message, 500)
	}
	return r
}
