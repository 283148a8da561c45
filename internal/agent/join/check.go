package join

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// Finding is the result of one test.
type Finding struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`         // what was found
	Next   string `json:"next,omitempty"` // what to do about it
}

func good(name, format string, args ...any) Finding {
	return Finding{Name: name, OK: true, Detail: fmt.Sprintf(format, args...)}
}

func bad(name, next, format string, args ...any) Finding {
	return Finding{Name: name, Detail: fmt.Sprintf(format, args...), Next: next}
}

// mostSkew is how far a clock may be off: AWS's signatures hold for five
// minutes.
const mostSkew = 5 * time.Minute

// Check tests what a node needs, in the order in which one rests on another:
// the names, the way to the endpoints, the agent, the role, the channel, the
// output buckets.
func (h *Host) Check(ctx context.Context, buckets []string) ([]Finding, error) {
	if err := h.load(); err != nil {
		return nil, err
	}
	p, err := h.known(ctx)
	if err != nil {
		return nil, err
	}
	out := []Finding{h.names(ctx, p), h.reach(ctx, p), h.agentRuns(ctx)}
	if h.record.Agent == Amazon {
		pids, err := running(amazonProgram())
		if err != nil {
			return nil, err
		}
		out = append(out, ownBundles(ctx, *p, pids)...)
	}
	out = append(out, h.bucketNames(ctx, p, buckets))
	asNode, c := h.role(ctx, p)
	out = append(out, asNode...)
	if c == nil {
		return out, nil
	}
	out = append(out, h.channel(ctx, c, buckets))
	for _, b := range buckets {
		out = append(out, c.bucket(ctx, b, h.record.Node))
	}
	return out, nil
}

// known is the plane that this host joined.
func (h *Host) known(ctx context.Context) (*Plane, error) {
	p := &Plane{Endpoint: h.record.Endpoint, Region: h.record.Region, Domain: h.record.Domain, Port: h.record.Port}
	at, err := url.Parse(p.Endpoint)
	if err != nil {
		return nil, err
	}
	if p.Address, err = netip.ParseAddr(at.Hostname()); err == nil {
		return p, nil
	}
	found, err := lookUp(ctx, at.Hostname())
	if err == nil && len(found) > 0 {
		p.Address = found[0]
	}
	return p, err
}

func (h *Host) names(ctx context.Context, p *Plane) Finding {
	const name = "names of the services"
	missing, err := p.unresolved(ctx, p.serviceNames())
	switch {
	case err != nil:
		return bad(name, "look at /etc/resolv.conf, or whether the name server answers", "%v", err)
	case len(missing) > 0:
		return bad(name, "tamachi node leave and join again writes them into "+hostsFile+", or let your DNS lead *."+p.Region+"."+p.Domain+" to the plane",
			"these do not lead to %s: %s", p.Address, strings.Join(missing, ", "))
	}
	return good(name, "%d names below %s.%s lead to %s", len(services), p.Region, p.Domain, p.Address)
}

// reach tries the way to the plane, with what this host trusts, and the clock.
func (h *Host) reach(ctx context.Context, p *Plane) Finding {
	const name = "path to the endpoints"
	client, err := p.client()
	if err != nil {
		return bad(name, "", "%v", err)
	}
	for _, service := range []string{"ssm", "ssmmessages", "ec2messages"} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url(service)+"_tamachi/ready", nil)
		if err != nil {
			return bad(name, "", "%v", err)
		}
		res, err := client.Do(r)
		if err != nil {
			return bad(name, "is the plane running, listening on an address that this host reaches, and no firewall between? Is its CA still the one that was trusted?", "%s: %v", service, errors.Unwrap(err))
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return bad(name, "something else answers at this address", "%s answered %s", r.URL, res.Status)
		}
		at, err := http.ParseTime(res.Header.Get("Date"))
		if skew := h.Clock.Now().Sub(at); err == nil && (skew > mostSkew || skew < -mostSkew) {
			return bad(name, "set this host's clock; signatures hold for five minutes", "the clocks of host and plane are %s apart", skew.Round(time.Second))
		}
	}
	return good(name, "TLS to ssm, ssmmessages and ec2messages at port %s, by what this host trusts", strconv.Itoa(p.Port))
}

func (h *Host) agentRuns(ctx context.Context) Finding {
	const name = "agent"
	if !h.running(ctx) {
		start := startLine(h.record.Agent)
		if h.record.Started == "systemd" {
			start = "systemctl start " + h.unit()
		}
		return bad(name, "start it: "+start, "%s does not run; %s", h.record.Agent, h.lastWords())
	}
	return good(name, "%s runs (%s)", h.record.Agent, h.record.Started)
}

// ownBundle names a file that takes the place of what the host trusts, for some
// of amazon-ssm-agent's calls: it registers and holds its channel, and gets no
// credentials.
const ownBundle = "AWS_CA_BUNDLE"

// ownBundles tries the plane with the bundle that an agent's process was started
// with, if any.
func ownBundles(ctx context.Context, p Plane, pids []string) (out []Finding) {
	const name = "certificates of the agent"
	for _, pid := range pids {
		file := setting(pid, ownBundle)
		if file == "" {
			continue
		}
		next := "take " + ownBundle + " out of the agent's environment, or add the plane's CA to " + file + ", and restart the agent"
		var err error
		if p.CA, err = os.ReadFile(file); err != nil {
			return append(out, bad(name, next, "process %s has %s=%s: %v", pid, ownBundle, file, err))
		}
		client, err := p.client()
		if err == nil {
			_, err = get(ctx, client, p.url("ssm")+"_tamachi/ready")
		}
		if err != nil {
			return append(out, bad(name, next, "process %s has %s=%s, by which the plane is not believed: %v", pid, ownBundle, file, err))
		}
		out = append(out, good(name, "process %s believes %s, and the plane is in it", pid, file))
	}
	return out
}

// bucketNames tests whether output can find its bucket.
func (h *Host) bucketNames(ctx context.Context, p *Plane, buckets []string) Finding {
	const name = "names of buckets"
	every, err := p.wildcard(ctx, h.IDs.Hex(12))
	if err != nil {
		return bad(name, "", "%v", err)
	}
	if every {
		return good(name, "any name below %s leads to the plane", p.name("s3"))
	}
	next := "let your DNS lead *." + p.name("s3") + " to " + p.Address.String() +
		"; or start the plane with --dns ADDRESS:53 and forward " + p.Domain + " there; or join with --bucket NAME for the buckets that commands use"
	var names []string
	for _, b := range append(buckets, h.record.Buckets...) {
		names = append(names, p.bucketName(b))
	}
	missing, err := p.unresolved(ctx, names)
	switch {
	case err != nil:
		return bad(name, next, "%v", err)
	case len(missing) > 0:
		return bad(name, next, "these do not lead to the plane: %s", strings.Join(missing, ", "))
	case len(names) == 0:
		return Finding{Name: name, OK: true, Detail: "buckets do not resolve; commands with output to S3 would be refused", Next: next}
	}
	return good(name, "%d buckets resolve, others do not", len(names))
}

// role asks for the node's credentials and tries what the agent does with
// them. The caller is nil when there are none.
func (h *Host) role(ctx context.Context, p *Plane) ([]Finding, *caller) {
	const name = "registration"
	k, err := h.identity()
	if err != nil {
		return []Finding{bad(name, "is the activation still valid? The agent's log says why", "%v", err)}, nil
	}
	client, err := p.client()
	if err != nil {
		return []Finding{bad(name, "", "%v", err)}, nil
	}
	c := &caller{h: h, p: p, client: client}
	if err := c.token(ctx, k); err != nil {
		return []Finding{refused(name, k.Node, err)}, nil
	}
	out := []Finding{good(name, "%s has credentials of its role", k.Node)}
	var lacks []string
	// An empty version leaves what the agent itself said.
	small := map[string]string{"InstanceId": k.Node, "AgentName": string(h.record.Agent), "AgentVersion": "", "PlatformType": "Linux"}
	if err := c.call(ctx, "AmazonSSM.UpdateInstanceInformation", small, nil, c.as("ssm")); denied(err) {
		lacks = append(lacks, "ssm:UpdateInstanceInformation")
	}
	list := map[string]any{"InstanceId": k.Node, "MaxResults": 20}
	if err := c.call(ctx, "AmazonSSM.ListInstanceAssociations", list, nil, c.as("ssm")); denied(err) {
		lacks = append(lacks, "ssm:ListInstanceAssociations")
	}
	if len(lacks) > 0 {
		return append(out, bad("role", "attach AmazonSSMManagedInstanceCore to the role", "the node's role does not allow %s", strings.Join(lacks, ", "))), c
	}
	return append(out, good("role", "it allows what the agent does")), c
}

func denied(err error) bool {
	no, ok := errors.AsType[*refusal](err)
	return ok && no.code == "AccessDeniedException"
}

// refused explains why there are no credentials.
func refused(name, node string, err error) Finding {
	no, ok := errors.AsType[*refusal](err)
	if !ok {
		return bad(name, "see the path to the endpoints", "%v", err)
	}
	switch no.code {
	case "UnrecognizedClientException":
		return bad(name, "tamachi node leave, and join with a new activation", "the plane does not know %s: it was deregistered, or this is another plane", node)
	case "MachineFingerprintDoesNotMatch":
		return bad(name, "a copied machine needs its own registration: tamachi node leave, and join with a new activation", "%s", no.message)
	case "AccessDeniedException":
		return bad("role", "give the node a role that trusts ssm.amazonaws.com: aws ssm update-managed-instance-role --instance-id "+node+" --iam-role ROLE", "%s", no.message)
	}
	return bad(name, "", "%v", no)
}

// said is what the plane says of the node.
type said struct{ InstanceId, PingStatus, IamRole string }

// check asks the plane for the node's state, and tells it which buckets this
// host finds; nil tells nothing.
func (c *caller) check(ctx context.Context, reaches *reaches) (said, error) {
	var out said
	in := map[string]any{}
	if reaches != nil {
		in["Buckets"], in["AllBuckets"] = reaches.Buckets, reaches.All
	}
	err := c.call(ctx, "Tamachi.CheckNode", in, &out, c.as("tamachi"))
	return out, err
}

// reaches are the buckets whose names this host finds.
type reaches struct {
	All     bool
	Buckets []string
}

func (h *Host) channel(ctx context.Context, c *caller, buckets []string) Finding {
	const name = "control channel"
	var found reaches
	var err error
	if found.All, err = c.p.wildcard(ctx, h.IDs.Hex(12)); err != nil {
		return bad(name, "", "%v", err)
	}
	found.Buckets = []string{}
	for _, b := range append(buckets, h.record.Buckets...) {
		if missing, err := c.p.unresolved(ctx, []string{c.p.bucketName(b)}); err == nil && len(missing) == 0 {
			found.Buckets = append(found.Buckets, b)
		}
	}
	state, err := c.check(ctx, &found)
	if denied(err) {
		return bad(name, "attach AmazonSSMManagedInstanceCore to the role", "%v", err)
	}
	if err != nil {
		return bad(name, "", "%v", err)
	}
	if state.PingStatus != "Online" {
		return bad(name, "does the role allow ssmmessages:CreateControlChannel and OpenControlChannel? Does a proxy or firewall cut WebSockets? The agent's log says", "the plane says %s is %s", state.InstanceId, state.PingStatus)
	}
	return good(name, "%s is Online, with the role %s", state.InstanceId, state.IamRole)
}

// bucket tries to write where a command's output would go.
func (c *caller) bucket(ctx context.Context, bucket, node string) Finding {
	name := "output bucket " + bucket
	at := "https://" + c.p.bucketName(bucket) + ":" + strconv.Itoa(c.p.Port) + "/tamachi-check/" + node
	_, err := c.send(ctx, http.MethodPut, at, nil, nil, c.as("s3"))
	no, refused := errors.AsType[*refusal](err)
	switch {
	case refused && no.code == "NoSuchBucket":
		return bad(name, "aws s3 mb s3://"+bucket, "there is no such bucket")
	case refused && (no.status == http.StatusForbidden || no.code == "AccessDenied"):
		return bad(name, "allow the node's role s3:PutObject on arn:aws:s3:::"+bucket+"/*", "%s", no.message)
	case err != nil:
		return bad(name, "does its name resolve on this host?", "%v", err)
	}
	_, _ = c.send(ctx, http.MethodDelete, at, nil, nil, c.as("s3")) // if the role may; an empty object is left otherwise
	return good(name, "the node writes to it")
}
