package eventbridge

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"tamachi/internal/aws/api"
	"tamachi/internal/store"
)

// DescribeArchive shows an archive, and how much it holds.
func (s *Service) DescribeArchive(ctx context.Context, in *eventbridge.DescribeArchiveInput) (*eventbridge.DescribeArchiveOutput, error) {
	var a *archive
	err := s.store.View(ctx, func(tx *store.Tx) (err error) {
		a, err = findArchive(tx, store.In(api.CallFrom(ctx).Place()), *in.ArchiveName)
		return err
	})
	if err != nil {
		return nil, err
	}
	l := a.listed()
	return &eventbridge.DescribeArchiveOutput{
		ArchiveArn: new(a.arn()), ArchiveName: l.ArchiveName, EventSourceArn: l.EventSourceArn, Description: a.Description, EventPattern: api.Optional(a.Pattern),
		State: l.State, RetentionDays: l.RetentionDays, SizeBytes: l.SizeBytes, EventCount: l.EventCount, CreationTime: l.CreationTime,
	}, nil
}

func (s *Service) describeArchiveChecks(ctx context.Context, in *eventbridge.DescribeArchiveInput) ([]api.Check, error) {
	return on(ctx, "events:DescribeArchive", "archive", in.ArchiveName)
}
