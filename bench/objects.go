package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

const objectSize = 64 << 20

// objects puts and gets an object of 64 MB and says how far the plane's memory
// rose above its rest.
func objects(ctx context.Context, s settings) (figures []figure, err error) {
	p, err := startPlane(ctx, s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.destroy()) }()
	client := s3.NewFromConfig(p.config, func(o *s3.Options) { o.UsePathStyle = true })
	_, err = client.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket:                    aws.String("bench"),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(p.config.Region)},
	})
	if err != nil {
		return nil, err
	}
	content := make([]byte, objectSize)
	random := rand.NewChaCha8([32]byte{1})
	_, _ = random.Read(content) // never fails
	rest, err := resting(ctx, p)
	if err != nil {
		return nil, err
	}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"PutObject", func() error {
			_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("bench"), Key: aws.String("large"), Body: bytes.NewReader(content)})
			return err
		}},
		{"GetObject", func() error { return get(ctx, client, content) }},
	} {
		if err := forgetPeak(p); err != nil {
			return figures, err
		}
		start := time.Now()
		if err := step.do(); err != nil {
			return figures, fmt.Errorf("%s: %w", step.name, err)
		}
		took := time.Since(start)
		peak, err := status(p, "VmHWM")
		if err != nil {
			return figures, err
		}
		figures = append(figures, figure{
			name: step.name + " of 64 MB, memory above idle", must: "32 MB", unit: "MB", values: []float64{max(0, peak-rest)},
			note: fmt.Sprintf("peak VmHWM less VmRSS at rest (%.1f MB); took %s", rest, took.Round(time.Millisecond)),
		})
	}
	return figures, nil
}

func get(ctx context.Context, client *s3.Client, want []byte) error {
	out, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String("bench"), Key: aws.String("large")})
	if err != nil {
		return err
	}
	defer out.Body.Close()
	got, err := io.ReadAll(out.Body)
	if err == nil && !bytes.Equal(got, want) {
		err = errors.New("the object came back changed")
	}
	return err
}

// forgetPeak makes the kernel count VmHWM from now (proc_pid_clear_refs(5)).
func forgetPeak(p *plane) error {
	return os.WriteFile("/proc/"+strconv.Itoa(p.serve.Process.Pid)+"/clear_refs", []byte("5"), 0)
}
