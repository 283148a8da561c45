package guard

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/desk/account"
)

// Organization reads the tree of accounts.
type Organization interface {
	DescribeOrganization(context.Context, *organizations.DescribeOrganizationInput, ...func(*organizations.Options)) (*organizations.DescribeOrganizationOutput, error)
	ListAccountsForParent(context.Context, *organizations.ListAccountsForParentInput, ...func(*organizations.Options)) (*organizations.ListAccountsForParentOutput, error)
	ListOrganizationalUnitsForParent(context.Context, *organizations.ListOrganizationalUnitsForParentInput, ...func(*organizations.Options)) (*organizations.ListOrganizationalUnitsForParentOutput, error)
}

// Resolve finds whom a --target means: an account, a root or unit with all that
// is below it, a role or user by its ARN, or everybody.
func Resolve(ctx context.Context, api Organization, target string) (Target, error) {
	var t Target
	switch {
	case strings.HasPrefix(target, "arn:"):
		t.Principal = target
		return t, nil
	case strings.HasPrefix(target, "r-"), strings.HasPrefix(target, "ou-"):
		accounts, err := below(ctx, api, target)
		if err != nil {
			return t, err
		}
		t.Accounts = accounts
	case target != "":
		t.Accounts = []string{target}
	}
	out, err := api.DescribeOrganization(ctx, &organizations.DescribeOrganizationInput{})
	if _, alone := errors.AsType[*types.AWSOrganizationsNotInUseException](err); alone {
		return t, nil
	}
	if err != nil {
		return t, account.Explain("organizations:DescribeOrganization", err)
	}
	t.Management = aws.ToString(out.Organization.MasterAccountId)
	return t, nil
}

// below lists the accounts under a root or a unit.
func below(ctx context.Context, api Organization, parent string) (all []string, err error) {
	err = account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.ListAccountsForParent(ctx, &organizations.ListAccountsForParentInput{ParentId: &parent, NextToken: token})
		if err != nil {
			return nil, account.Explain("organizations:ListAccountsForParent", err)
		}
		for _, a := range out.Accounts {
			all = append(all, aws.ToString(a.Id))
		}
		return out.NextToken, nil
	})
	if err != nil {
		return nil, err
	}
	err = account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.ListOrganizationalUnitsForParent(ctx, &organizations.ListOrganizationalUnitsForParentInput{ParentId: &parent, NextToken: token})
		if err != nil {
			return nil, account.Explain("organizations:ListOrganizationalUnitsForParent", err)
		}
		for _, u := range out.OrganizationalUnits {
			more, err := below(ctx, api, aws.ToString(u.Id))
			if err != nil {
				return nil, err
			}
			all = append(all, more...)
		}
		return out.NextToken, nil
	})
	return all, err
}

// FromTrail replays what LookupEvents tells of the time since. progress hears how
// many were read.
func FromTrail(ctx context.Context, api account.Trail, since time.Time, t *Trial, progress func(read int)) error {
	read := 0
	return account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := api.LookupEvents(ctx, &cloudtrail.LookupEventsInput{StartTime: &since, MaxResults: aws.Int32(50), NextToken: token})
		if err != nil {
			return nil, account.Explain("cloudtrail:LookupEvents", err)
		}
		for _, e := range out.Events {
			r, err := readRecord([]byte(aws.ToString(e.CloudTrailEvent)))
			if err != nil {
				return nil, fmt.Errorf("record %s: %w", aws.ToString(e.EventId), err)
			}
			t.Add(r)
		}
		read += len(out.Events)
		progress(read)
		return out.NextToken, nil
	})
}

// maxFile bounds a file of records once it is unpacked; CloudTrail's are a few
// megabytes.
const maxFile = 1 << 30

// pile is files of a trail: their names, and how one is opened.
type pile struct {
	files []string
	open  func(ctx context.Context, name string) (io.ReadCloser, error)
}

// FromFolder replays the files of a trail in a folder and below it: *.json and
// *.json.gz, each {"Records": [...]}. Digest files are left out. Records before
// since do not count.
func FromFolder(ctx context.Context, folder string, since time.Time, p *Proposal, target Target, progress func(read int)) (*Trial, error) {
	files, err := filesOf(folder)
	if err != nil {
		return nil, err
	}
	open := func(_ context.Context, name string) (io.ReadCloser, error) { return os.Open(name) }
	return pile{files, open}.replay(ctx, since, p, target, progress)
}

// replay decides the records of all files, as many files at a time as there are
// processors.
func (l pile) replay(ctx context.Context, since time.Time, p *Proposal, target Target, progress func(read int)) (*Trial, error) {
	var read atomic.Int64
	all := NewTrial(p, target)
	done := make(chan *Trial)
	queue := make(chan string)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(queue)
		for _, f := range l.files {
			select {
			case queue <- f:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range runtime.GOMAXPROCS(0) {
		g.Go(func() error {
			t := NewTrial(p, target)
			for f := range queue {
				before := int64(t.result.Read)
				if err := l.read(ctx, f, since, t); err != nil {
					return fmt.Errorf("%s: %w", f, err)
				}
				progress(int(read.Add(int64(t.result.Read) - before)))
			}
			select {
			case done <- t:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}
	joined := make(chan struct{})
	go func() {
		defer close(joined)
		for t := range done {
			all.Join(t)
		}
	}()
	err := g.Wait()
	close(done)
	<-joined
	return all, err
}

// filesOf lists the files of records in a folder and below it.
func filesOf(folder string) (files []string, err error) {
	err = filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if isRecords(path) {
			files = append(files, path)
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: no file of CloudTrail (*.json, *.json.gz)", folder)
	}
	return files, err
}

// isRecords tells whether a file holds records, by its name. Source: CloudTrail
// User Guide, "Finding your CloudTrail log files".
func isRecords(name string) bool {
	return (strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".json.gz")) && !strings.Contains(name, "CloudTrail-Digest")
}

func (l pile) read(ctx context.Context, name string, since time.Time, t *Trial) error {
	f, err := l.open(ctx, name)
	if err != nil {
		return err
	}
	defer f.Close()
	var in io.Reader = bufio.NewReaderSize(f, 1<<16)
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(in)
		if err != nil {
			return err
		}
		defer z.Close()
		in = z
	}
	return records(io.LimitReader(in, maxFile), func(r *Record) {
		if !r.EventTime.Before(since) {
			t.Add(r)
		}
	})
}

// records reads {"Records": [...]} one record at a time.
func records(in io.Reader, each func(*Record)) error {
	dec := json.NewDecoder(in)
	for {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		if token == "Records" {
			break
		}
	}
	if _, err := dec.Token(); err != nil { // [
		return err
	}
	for dec.More() {
		r := &Record{}
		if err := dec.Decode(r); err != nil {
			return err
		}
		each(r)
	}
	return nil
}
