package account

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// consolePath is where a plane's console is.
const consolePath = "/_tamachi/console/"

// Console knows the pages of what an account holds: of the plane's console, or of
// the AWS Management Console. A page that there is not is "".
type Console struct {
	plane  string // address of a plane's console
	aws    string // of the AWS Management Console in a Region
	region string
}

// knock is how long an endpoint may take to show that it has a console: a report
// does not wait for links.
const knock = 2 * time.Second

// Console finds the account's console. An endpoint that shows none, as one that
// is no plane, has no pages. The page that it is asked for is open to everybody.
func (a *Account) Console(ctx context.Context) Console {
	if a.Endpoint == "" {
		return Console{aws: management(a.Region), region: a.Region}
	}
	ctx, cancel := context.WithTimeout(ctx, knock)
	defer cancel()
	address := strings.TrimRight(a.Endpoint, "/") + consolePath
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil || a.cfg.HTTPClient == nil {
		return Console{}
	}
	answer, err := a.cfg.HTTPClient.Do(q)
	if err != nil {
		return Console{}
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, maxPage)) // so that the connection is used again
	if answer.StatusCode != http.StatusOK || !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		return Console{}
	}
	return Console{plane: address}
}

// maxPage bounds what is read of the page that shows that there is a console.
const maxPage = 64 << 10

// management is the AWS Management Console of a Region.
// Source: AWS General Reference, "AWS Management Console endpoints"; Regions of
// partitions without a public console have none.
func management(region string) string {
	host := ".console.aws.amazon.com/"
	switch {
	case region == "" || strings.Contains(region, "iso"):
		return ""
	case strings.HasPrefix(region, "eusc-"):
		host = ".console.amazonaws-eusc.eu/"
	case partition(region) == "aws-cn":
		host = ".console.amazonaws.cn/"
	case partition(region) == "aws-us-gov":
		host = ".console.amazonaws-us-gov.com/"
	}
	return "https://" + region + host
}

// page chooses between the page of a plane and that of AWS; of a name that is
// not known there is none.
func (c Console) page(name, plane, aws string) string {
	switch {
	case name == "":
		return ""
	case c.plane != "" && plane != "":
		return c.plane + plane
	case c.aws != "" && aws != "":
		return c.aws + aws
	}
	return ""
}

// Desktop is the page of a desktop. AWS documents no address of a single one: where
// its console does not follow the last part, it shows the list of the Region.
func (c Console) Desktop(id string) string {
	return c.page(id, "desktops/"+url.PathEscape(id), "workspaces/v2/workspaces?region="+c.region+"#/workspaces/"+url.PathEscape(id))
}

// Directory is the page of a directory. A plane shows the desktops of it.
func (c Console) Directory(id string) string {
	return c.page(id, "desktops?q="+url.QueryEscape(id), "directoryservicev2/home?region="+c.region+"#!/directories/"+url.PathEscape(id))
}

// Node is the page of a managed node.
func (c Console) Node(id string) string {
	return c.page(id, "nodes/"+url.PathEscape(id), "systems-manager/fleet-manager/managed-nodes/"+url.PathEscape(id)+"/general?region="+c.region)
}

// Alarm is the page of an alarm.
func (c Console) Alarm(name string) string {
	return c.page(name, "alarms?alarm="+url.QueryEscape(name), "cloudwatch/home?region="+c.region+"#alarmsV2:alarm/"+url.PathEscape(name))
}

// Plan is the page of a plan of the desk. A plane shows those of the user who runs
// it: those that were made on another machine it does not have.
func (c Console) Plan(id string) string { return c.own().page(id, "plans/"+url.PathEscape(id), "") }

// Request is the page of a request for approval, likewise.
func (c Console) Request(id string) string {
	return c.own().page(id, "approvals?request="+url.QueryEscape(id), "")
}

// own is the console of a plane on this machine.
func (c Console) own() Console {
	u, err := url.Parse(c.plane)
	if err != nil {
		return Console{}
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && ip.IsLoopback() || u.Hostname() == "localhost" {
		return c
	}
	return Console{}
}
