package cost

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/encoding/cbor"

	"tamachi/internal/desk/account"
)

// desk is a desktop of the stand-in.
type desk struct {
	id, user, mode, state string
	login                 time.Time
	tags                  map[string]string
	// one tells what a metric said in a sample; known is false before the
	// desktop was made.
	one func(metric string, at time.Time) (on, known bool)
}

// cloud stands in for an account: it answers over HTTP, from desktops whose use
// is a function, so that months of samples need no room.
type cloud struct {
	*httptest.Server
	desks []desk
	byID  map[string]*desk
	width time.Duration
	deny  string    // an operation
	now   time.Time // until when there are samples; noon where nothing is said

	mu    sync.Mutex
	calls map[string]int // guarded by mu
	// month is a track of a whole window, by desktop and metric, for figures:
	// computed once, or the stand-in would be what is measured.
	cache map[string][]float64 // guarded by mu
}

func newCloud(t testing.TB, desks []desk) *cloud {
	t.Helper()
	c := &cloud{desks: desks, byID: map[string]*desk{}, width: 5 * minute, calls: map[string]int{}, cache: map[string][]float64{}}
	for i := range desks {
		c.byID[desks[i].id] = &desks[i]
	}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

func (c *cloud) account() *account.Account {
	return account.New(aws.Config{
		Region: "ap-northeast-1", BaseEndpoint: &c.URL, HTTPClient: account.Steady(http.DefaultClient),
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	})
}

// ServeHTTP answers the reads of the duty.
func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	operation := "GetCallerIdentity"
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		operation = target[strings.LastIndexByte(target, '.')+1:]
	} else if i := strings.Index(r.URL.Path, "/operation/"); i >= 0 {
		operation = r.URL.Path[i+len("/operation/"):]
	}
	c.mu.Lock()
	c.calls[operation]++
	c.mu.Unlock()
	if operation == c.deny {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type":"AccessDeniedException","message":"no"}`)
		return
	}
	var in struct{ NextToken, PaginationToken string }
	_ = json.Unmarshal(body, &in)
	from, _ := strconv.Atoi(in.NextToken + in.PaginationToken)
	switch operation {
	case "GetCallerIdentity":
		w.Header().Set("Content-Type", "text/xml")
		_, _ = io.WriteString(w, `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	case "DescribeWorkspaceDirectories":
		_, _ = io.WriteString(w, `{"Directories":[{"DirectoryId":"d-1"}]}`)
	case "DescribeWorkspaces":
		c.page(w, from, 25, "Workspaces", "NextToken", func(d *desk) any {
			return map[string]any{
				"WorkspaceId": d.id, "UserName": d.user, "DirectoryId": "d-1", "State": d.state, "BundleId": "wsb-1",
				"WorkspaceProperties": map[string]any{"RunningMode": d.mode, "ComputeTypeName": "STANDARD", "RootVolumeSizeGib": 80, "UserVolumeSizeGib": 50},
			}
		})
	case "DescribeWorkspacesConnectionStatus":
		c.page(w, from, 25, "WorkspacesConnectionStatus", "NextToken", func(d *desk) any {
			one := map[string]any{"WorkspaceId": d.id}
			if !d.login.IsZero() {
				one["LastKnownUserConnectionTimestamp"] = d.login.Unix()
			}
			return one
		})
	case "GetResources":
		c.page(w, from, 100, "ResourceTagMappingList", "PaginationToken", func(d *desk) any {
			tags := []map[string]string{}
			for k, v := range d.tags {
				tags = append(tags, map[string]string{"Key": k, "Value": v})
			}
			return map[string]any{"ResourceARN": "arn:aws:workspaces:ap-northeast-1:111122223333:workspace/" + d.id, "Tags": tags}
		})
	case "GetMetricData":
		c.metrics(w, body)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (c *cloud) page(w io.Writer, from, size int, list, token string, show func(*desk) any) {
	var all []any
	for i := from; i < min(from+size, len(c.desks)); i++ {
		all = append(all, show(&c.desks[i]))
	}
	out := map[string]any{list: all}
	if from+size < len(c.desks) {
		out[token] = strconv.Itoa(from + size)
	}
	_ = json.NewEncoder(w).Encode(out)
}

// metrics answers GetMetricData as RPC v2 CBOR has it.
func (c *cloud) metrics(w http.ResponseWriter, body []byte) {
	v, err := cbor.Decode(body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	in := v.(cbor.Map)
	at := func(m string) time.Time {
		t, _ := cbor.AsTime(in[m])
		return t.UTC()
	}
	var results cbor.List
	for _, q := range in["MetricDataQueries"].(cbor.List) {
		one := q.(cbor.Map)
		stat := one["MetricStat"].(cbor.Map)
		metric := stat["Metric"].(cbor.Map)
		id := string(metric["Dimensions"].(cbor.List)[0].(cbor.Map)["Value"].(cbor.String))
		seconds, _ := cbor.AsInt32(stat["Period"])
		times, values := c.series(id, string(metric["MetricName"].(cbor.String)), string(stat["Stat"].(cbor.String)), at("StartTime"), at("EndTime"), time.Duration(seconds)*time.Second)
		results = append(results, cbor.Map{"Id": one["Id"], "StatusCode": cbor.String("Complete"), "Timestamps": times, "Values": values})
	}
	w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	w.Header().Set("Content-Type", "application/cbor")
	_, _ = w.Write(cbor.Encode(cbor.Map{"MetricDataResults": results}))
}

func (c *cloud) series(id, metric, stat string, from, to time.Time, period time.Duration) (times, values cbor.List) {
	key := fmt.Sprint(id, metric, stat, from.Unix(), to.Unix(), period)
	c.mu.Lock()
	known, ok := c.cache[key]
	c.mu.Unlock()
	if !ok {
		known = c.compute(c.byID[id], metric, stat, from, to, period)
		c.mu.Lock()
		c.cache[key] = known
		c.mu.Unlock()
	}
	for i, v := range known {
		if v >= 0 {
			times = append(times, &cbor.Tag{ID: 1, Value: cbor.Float64(from.Add(time.Duration(i) * period).Unix())})
			values = append(values, cbor.Float64(v))
		}
	}
	return times, values
}

func (c *cloud) compute(d *desk, metric, stat string, from, to time.Time, period time.Duration) []float64 {
	var out []float64
	now := noon
	if !c.now.IsZero() {
		now = c.now
	}
	for at := from; at.Before(to); at = at.Add(period) {
		sum, count := 0.0, 0.0
		for s := at.Truncate(c.width); s.Before(at.Add(period)); s = s.Add(c.width) {
			if s.Before(at) || !s.Before(now) {
				continue
			}
			if on, known := d.one(metric, s); known {
				count++
				if on {
					sum++
				}
			}
		}
		switch {
		case count == 0:
			out = append(out, -1)
		case stat == "Sum":
			out = append(out, sum)
		default:
			out = append(out, count)
		}
	}
	return out
}
