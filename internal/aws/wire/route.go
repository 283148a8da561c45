package wire

import (
	"net"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"tamachi/internal/aws/api"
	"tamachi/internal/aws/sigv4"
)

// forPages tells whether a request is for the plane's own pages: a path under
// /_tamachi/ (no bucket's name begins with an underscore), or the bare root
// asked for by a browser. A host name of S3 has no pages: there, every path is
// a key's.
func (d *Door) forPages(r *http.Request) bool {
	if d.s3HostOf(r.Host).ours {
		return false
	}
	if r.URL.Path == "/_tamachi" || strings.HasPrefix(r.URL.Path, "/_tamachi/") {
		return true
	}
	return r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		r.URL.RawQuery == "" && r.Header.Get("Authorization") == "" && r.Header.Get("X-Amz-Target") == "" &&
		(strings.Contains(r.Header.Get("Accept"), "text/html") || d.hosts["s3"] == nil)
}

// agentPaths are the paths of the SSM Agent's message gateway.
var agentPaths = []string{"/v1/control-channel/", "/v1/data-channel/"}

// route finds the service that a request is for and the region that it names:
// by its credential scope, else by X-Amz-Target, the agents' paths, its host
// name, or a form in its body. What names none is S3's.
func (x *exchange) route() bool {
	x.call.Region = x.o.Region
	x.s3 = x.s3HostOf(x.r.Host)
	label, region := x.hostLabel()
	if x.s3.ours {
		label, region = "s3", x.s3.region
	}
	if region != "" {
		x.call.Region = region
	}
	prefix, _, _ := strings.Cut(x.r.Header.Get("X-Amz-Target"), ".")
	if region, signing, ok := sigv4.Scope(x.r); ok {
		if x.o.Regions(region) {
			x.call.Region = region // not proved yet
		}
		candidates := x.signing[signing]
		for _, s := range candidates {
			if len(candidates) == 1 || s == x.targets[prefix] {
				x.svc = s
				return true
			}
		}
		if len(candidates) > 0 {
			x.svc = candidates[0]
			return true
		}
	}
	if x.svc = x.targets[prefix]; x.svc != nil {
		return true
	}
	for _, path := range agentPaths {
		if strings.HasPrefix(x.r.URL.Path, path) && x.hosts["ssmmessages"] != nil {
			x.svc = x.hosts["ssmmessages"]
			return true
		}
	}
	if x.svc = x.hosts[label]; x.svc != nil {
		return true
	}
	if x.svc = x.formService(); x.svc == nil && x.request == nil && x.strayed() {
		x.svc = x.hosts["s3"]
	}
	return x.svc != nil
}

// strayed tells whether a request that names no service may be one of S3's: an
// anonymous one, or one signed in a way of old. A signature for a service that
// is not here, a target or a form are no objects.
func (x *exchange) strayed() bool {
	_, _, scoped := sigv4.Scope(x.r)
	return !scoped && x.r.Header.Get("X-Amz-Target") == "" &&
		!strings.HasPrefix(x.r.Header.Get("Authorization"), "AWS4-")
}

// hostLabel reads <service>.<region>.<domain>.
func (x *exchange) hostLabel() (service, region string) {
	host := strings.ToLower(x.r.Host)
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	rest, ours := strings.CutSuffix(strings.TrimSuffix(host, "."), "."+x.o.Domain)
	if !ours {
		return "", ""
	}
	service, region, ok := strings.Cut(rest, ".")
	if !ok || strings.Contains(region, ".") || !x.o.Regions(region) {
		return "", ""
	}
	return service, region
}

// formService finds the service of an unsigned form (a query protocol's call)
// by its Version. The body is read for it here.
func (x *exchange) formService() *service {
	version := x.r.URL.Query().Get("Version")
	if version == "" && strings.HasPrefix(x.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if !x.read() {
			return nil
		}
		version = formValue(string(x.request.Body), "Version")
	}
	for _, s := range x.services {
		if version != "" && s.model.APIVersion == version && s.hearsForms() {
			return s
		}
	}
	return nil
}

func (s *service) hearsForms() bool {
	return s.model.Protocol == "query" || s.model.Protocol == "ec2" || slices.Contains(s.model.Protocols, "query")
}

// formValue reads one value of a form that needs no unescaping.
func formValue(form, name string) string {
	for pair := range strings.SplitSeq(form, "&") {
		if k, v, _ := strings.Cut(pair, "="); k == name {
			return v
		}
	}
	return ""
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// newInput makes a pointer to a row's zero input.
func newInput(row *api.Operation) any { return reflect.New(row.In).Interface() }
