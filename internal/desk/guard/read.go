package guard

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
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

// resolve finds whom a --target means: an account, a root or unit with all that
// is below it, a role or user by its ARN, or everybody.
func resolve(ctx context.Context, api Organization, target string) (Target, error) {
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

// maxFile bounds a file of records once it is unpacked; CloudTrail's are a few
// megabytes.
const maxFile = 1 << 30

// pile is files of a trail: their names, and how one is opened.
type pile struct {
	files []string
	open  func(ctx context.Context, name string) (io.ReadCloser, error)
}

// fromFolder replays the files of a trail in a folder and below it: *.json and
// *.json.gz, each {"Records": [...]}. Digest files are left out. Records before
// since do not count.
func fromFolder(ctx context.Context, folder string, since time.Time, p *Proposal, target Target, progress func(read int)) (*Trial, error) {
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
	all := newTrial(p, target)
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
			t := newTrial(p, target)
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

// reader reads records from what comes in pieces.
type reader struct {
	scan
	in   io.Reader
	done bool // nothing more comes
}

const (
	piece     = 1 << 20
	maxRecord = 16 << 20 // CloudTrail's have 256 KB at most
)

// records reads {"Records": [...]} one record at a time.
func records(in io.Reader, each func(*Record)) error {
	r := &reader{in: in, scan: scan{names: map[string]string{}}}
	if err := r.head(); err != nil {
		return err
	}
	for first := true; ; first = false {
		var one *Record
		err := r.whole(func() error {
			c, err := r.next()
			if err != nil || c == ']' {
				return err
			}
			if !first {
				if c != ',' {
					return r.wrong("a comma")
				}
				r.i++
			}
			one, err = r.record()
			return err
		})
		if err != nil || one == nil {
			return err
		}
		each(one)
	}
}

// head reads up to the first record.
func (r *reader) head() error {
	for _, c := range []byte{'{', '"', ':', '['} {
		err := r.whole(func() error {
			got, err := r.next()
			if err != nil || got != c {
				return orWrong(err, r.wrong(`{"Records": [`))
			}
			if c != '"' {
				r.i++
				return nil
			}
			name, _, err := r.quoted()
			if err == nil && string(name) != `"Records"` {
				err = r.wrong("Records")
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// whole calls read, again with more of the text for as long as that ends too
// early.
func (r *reader) whole(read func() error) error {
	for {
		start := r.i
		err := read()
		if !errors.Is(err, errShort) {
			return err
		}
		if r.done || len(r.b)-start > maxRecord {
			return err
		}
		rest := copy(r.b, r.b[start:])
		r.i = 0
		r.b = slices.Grow(r.b[:rest], piece)
		n, err := io.ReadFull(r.in, r.b[rest:rest+piece])
		r.b = r.b[:rest+n]
		if r.done = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF); err != nil && !r.done {
			return err
		}
	}
}
