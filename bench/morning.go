package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"
)

// morningOffice runs the morning check over the sample office as a person
// does: a new process each time.
func morningOffice(ctx context.Context, p *plane) ([]figure, error) {
	var took []time.Duration
	for range p.settings.rounds {
		_, d, err := p.tamachi(ctx, "morning")
		if err != nil {
			return nil, err
		}
		took = append(took, d)
	}
	_, fix, err := p.tamachi(ctx, "morning", "--fix", "--yes")
	if err != nil {
		return nil, err
	}
	return []figure{
		millis("morning over the sample office", "5 s", took, "the whole command"),
		millis("morning --fix of its two desktops", "", []time.Duration{fix}, "terminates 2, creates 2, waits, verifies"),
	}, nil
}

// morningFleet runs it over a plane with very many recorded desktops of the
// fake provider.
func morningFleet(ctx context.Context, s settings) ([]figure, error) {
	f, err := startFleet(ctx, s)
	if err != nil {
		return nil, fmt.Errorf("make %d desktops: %w", s.desktops, err)
	}
	var took []time.Duration
	for range 3 {
		_, d, err := tamachi(ctx, s.binary, f.env, "morning")
		if err != nil {
			return nil, f.stop(err)
		}
		took = append(took, d)
	}
	name := fmt.Sprintf("morning over %d recorded desktops", s.desktops)
	return []figure{millis(name, "10 s", took, "made through the API over the fake provider in "+f.took.Round(time.Second).String())}, f.stop(nil)
}

// morningCompany runs it over desktops in three accounts and two Regions, into
// which it goes by an assumed role.
func morningCompany(ctx context.Context, s settings) ([]figure, error) {
	f, err := openFleet(ctx)
	if err != nil {
		return nil, err
	}
	took, err := f.company(ctx, s.desktops)
	if err != nil {
		return nil, f.stop(fmt.Errorf("make %d desktops: %w", s.desktops, err))
	}
	var mornings []time.Duration
	for range 3 {
		out, d, err := tamachi(ctx, s.binary, f.env, "morning", "--organization", "--role", companyRole, "--region", companyRegions)
		if err == nil && !wholeCompany(out, s.desktops) {
			err = fmt.Errorf("want 6 places with %d desktops, got:\n%s", s.desktops, out)
		}
		if err != nil {
			return nil, f.stop(err)
		}
		mornings = append(mornings, d)
	}
	name := fmt.Sprintf("morning over %d recorded desktops in 3 accounts, 2 Regions", s.desktops)
	return []figure{millis(name, "10 s (3 s)", mornings, "made through the API over the fake provider in "+took.Round(time.Second).String())}, f.stop(nil)
}

const (
	companyRole    = "OrganizationAccountAccessRole"
	companyRegions = "ap-northeast-1,us-east-1"
)

// company makes two more accounts, and a sixth of the desktops in each place.
func (f *fleet) company(ctx context.Context, n int) (time.Duration, error) {
	start := time.Now()
	others, err := makeAccounts(ctx, f.cfg, 2)
	if err != nil {
		return 0, err
	}
	for i, account := range append([]string{""}, others...) {
		cfg := f.cfg
		if account != "" {
			if cfg, err = enter(ctx, f.cfg, "arn:aws:iam::"+account+":role/"+companyRole); err != nil {
				return 0, err
			}
		}
		for j, region := range []string{"ap-northeast-1", "us-east-1"} {
			cfg.Region = region
			place := 2*i + j
			fmt.Fprintf(os.Stderr, "make desktops of place %d of 6\n", place+1)
			if err := furnish(ctx, cfg, n*(place+1)/6-n*place/6); err != nil {
				return 0, err
			}
		}
	}
	return time.Since(start), nil
}

var companyTotal = regexp.MustCompile(`(?m)^6 accounts and Regions, (\d+) desktops`)

// wholeCompany tells whether the morning saw all desktops of all places.
func wholeCompany(out string, n int) bool {
	m := companyTotal.FindStringSubmatch(out)
	return m != nil && m[1] == strconv.Itoa(n)
}
