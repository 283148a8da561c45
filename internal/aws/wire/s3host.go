package wire

import (
	"net"
	"strings"
)

// s3Host is what a host name says of a request for S3.
type s3Host struct {
	ours   bool // <bucket>.s3.<region>.<domain>, s3.<domain> and their like
	bucket string
	region string
}

// s3HostOf reads the names by which clients address buckets: the bucket before
// s3.<region>.<domain> or s3.<domain>, or before localhost. A bucket's name may
// have dots. Any other host names no bucket: the path does.
func (d *Door) s3HostOf(host string) s3Host {
	host = strings.ToLower(host)
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(host, ".")
	if bucket, local := strings.CutSuffix(host, ".localhost"); local && bucket != "s3" {
		return s3Host{bucket: bucket}
	}
	rest, ok := strings.CutSuffix(host, "."+d.o.Domain)
	if !ok {
		return s3Host{}
	}
	region := ""
	if i := strings.LastIndexByte(rest, '.'); d.o.Regions(rest[i+1:]) {
		if i < 0 {
			return s3Host{}
		}
		rest, region = strings.TrimSuffix(rest[:i], ".dualstack"), rest[i+1:]
	}
	if rest == "s3" {
		return s3Host{ours: true, region: region}
	}
	if bucket, ok := strings.CutSuffix(rest, ".s3"); ok {
		return s3Host{ours: true, region: region, bucket: bucket}
	}
	return s3Host{}
}
