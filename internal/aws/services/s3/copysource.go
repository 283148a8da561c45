package s3

import (
	"net/url"
	"strings"
)

// source is where a copy comes from.
type source struct {
	bucket, key string
	version     *string
}

// parseSource reads x-amz-copy-source: [/]bucket/key[?versionId=id], URL
// encoded. Source: Amazon S3 API Reference, "CopyObject".
func parseSource(header string) (source, error) {
	text, query, versioned := strings.Cut(header, "?versionId=")
	path, err := url.QueryUnescape(text)
	if err != nil {
		return source{}, invalidArgument("Invalid copy source encoding.", "x-amz-copy-source", header)
	}
	bucket, key, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch {
	case !ok || bucket == "" || key == "":
		return source{}, invalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", "x-amz-copy-source", header)
	case strings.HasPrefix(bucket, "arn:"):
		return source{}, notImplemented("x-amz-copy-source")
	}
	s := source{bucket: bucket, key: key}
	if err := checkKey(key); err != nil {
		return source{}, err
	}
	if versioned {
		version, err := url.QueryUnescape(query)
		if err != nil || !validVersion(version) {
			return source{}, invalidArgument("Invalid version id specified", "x-amz-copy-source", header)
		}
		s.version = &version
	}
	return s, nil
}
