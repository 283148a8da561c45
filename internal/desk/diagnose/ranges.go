package diagnose

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"tamachi/internal/desk/shelf"
)

// publishedRanges are the addresses of AWS.
// Source: Amazon VPC User Guide, "AWS IP address ranges".
const publishedRanges = "https://ip-ranges.amazonaws.com/ip-ranges.json"

// mostRanges bounds the file, which has some 2 MB.
const mostRanges = 32 << 20

// ranges are the addresses of one Region that desktops need, by service.
type ranges struct {
	Created  string              `json:"created"`
	Services map[string][]string `json:"services"`
}

// The subsets of the file that are asked for.
const (
	amazon   = "AMAZON"
	gateways = "WORKSPACES_GATEWAYS"
	edges    = "CLOUDFRONT"
)

// readRanges reads what is in the file for a Region.
func readRanges(text []byte, region string) (*ranges, error) {
	var file struct {
		CreateDate string `json:"createDate"`
		Prefixes   []struct {
			IP              string `json:"ip_prefix"`
			Region, Service string
		} `json:"prefixes"`
		Six []struct {
			IP              string `json:"ipv6_prefix"`
			Region, Service string
		} `json:"ipv6_prefixes"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("the ranges cannot be read: %w", err)
	}
	out := &ranges{Created: file.CreateDate, Services: map[string][]string{}}
	add := func(ip, where, service string) error {
		wanted := where == region && (service == amazon || service == gateways) || service == edges && where == "GLOBAL"
		if !wanted {
			return nil
		}
		p, err := netip.ParsePrefix(ip)
		if err != nil {
			return fmt.Errorf("the ranges cannot be read: %w", err)
		}
		out.Services[service] = append(out.Services[service], p.String())
		return nil
	}
	for _, p := range file.Prefixes {
		if err := add(p.IP, p.Region, p.Service); err != nil {
			return nil, err
		}
	}
	for _, p := range file.Six {
		if err := add(p.IP, p.Region, p.Service); err != nil {
			return nil, err
		}
	}
	if len(out.Services[amazon]) == 0 {
		return nil, fmt.Errorf("the ranges have none of %s", region)
	}
	for service, all := range out.Services {
		slices.Sort(all)
		out.Services[service] = slices.Compact(all)
	}
	return out, nil
}

// fetchRanges reads a file, or asks an address.
func fetchRanges(ctx context.Context, web *http.Client, from string) ([]byte, error) {
	if !strings.HasPrefix(from, "http://") && !strings.HasPrefix(from, "https://") {
		return os.ReadFile(from)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	res, err := web.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", from, res.Status)
	}
	return io.ReadAll(io.LimitReader(res.Body, mostRanges))
}

// Opening is a line of the request: a port, and the addresses behind it.
type Opening struct {
	Port     string   `json:"port"`
	What     string   `json:"what"` // LOGIN, PCOIP, DCV
	Subset   string   `json:"subset"`
	Prefixes []string `json:"prefixes"`
}

// openings are the ports of the protocols, each with its addresses.
func (r *ranges) openings(protocols []string) []Opening {
	out := []Opening{{"TCP, UDP 443", "LOGIN", amazon, r.Services[amazon]}, {"TCP 443", "LOGIN", edges, r.Services[edges]}}
	for _, p := range protocols {
		out = append(out, Opening{fmt.Sprintf("TCP, UDP %d", streams[p]), p, gateways, r.Services[gateways]})
	}
	return out
}

// Difference is what became of the ranges since they were last asked for.
type Difference struct {
	Last  string   `json:"last"` // when that file was made
	Added []string `json:"added,omitempty"`
	Gone  []string `json:"gone,omitempty"`
}

// since compares two files; each range is told with its subset.
func (r *ranges) since(last *ranges) *Difference {
	d := &Difference{Last: last.Created}
	d.Added, d.Gone = missingOf(r, last), missingOf(last, r)
	return d
}

// missingOf are the ranges of one that another has not.
func missingOf(one, other *ranges) (out []string) {
	for service, all := range one.Services {
		for _, p := range all {
			if _, found := slices.BinarySearch(other.Services[service], p); !found {
				out = append(out, service+" "+p)
			}
		}
	}
	slices.Sort(out)
	return out
}

// request writes the sheet of a Service: AWS's addresses as they are now, and what
// changed since the last sheet, which is remembered.
func (s *Service) request(ctx context.Context, getenv func(string) string, from string, patient time.Duration, protocols []string) error {
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	text, err := fetchRanges(ctx, http.DefaultClient, from)
	var now *ranges
	if err == nil {
		now, err = readRanges(text, s.Region)
	}
	if err != nil {
		s.NoRanges = err.Error()
		return nil
	}
	s.made, s.Openings = now.Created, now.openings(protocols)
	memory, err := shelf.In(getenv)
	if err != nil {
		return err
	}
	var last ranges
	of := shelf.Target{Region: s.Region}
	found, err := memory.Read("ranges", of, &last)
	if err != nil {
		return err
	}
	if found {
		s.Since = now.since(&last)
	}
	return memory.Write("ranges", of, now)
}
