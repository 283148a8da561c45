package route

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	workspaces "github.com/aws/aws-sdk-go-v2/service/workspaces/types"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/report"
)

// Eyes are the reads of the diagnosis.
type Eyes struct {
	Networks         Networks
	Desktops         account.Finder
	Trail            account.Trail
	Resolver         Resolver
	Logs             Logs
	Clock            clock.Clock
	Region, Endpoint string
}

// eyesOf returns the eyes of an account.
func eyesOf(a *account.Account, c clock.Clock) Eyes {
	return Eyes{Networks: a.Networks, Desktops: a.Desktops, Trail: a.Trail, Resolver: a.Resolver, Logs: a.Logs, Clock: c, Region: a.Region, Endpoint: a.Endpoint}
}

// gather reads the facts. It fails where an end is not found or the networks
// cannot be read at all; of gateways it notes what was not answered.
func gather(ctx context.Context, e Eyes, asked Asked) (*Facts, error) {
	f := &Facts{At: e.Clock.Now(), Asked: asked, Region: e.Region, Endpoint: e.Endpoint}
	cards, err := e.interfaces(ctx)
	if err != nil {
		return nil, err
	}
	if f.From, err = e.end(ctx, cards, asked.From); err != nil {
		return nil, err
	}
	if err := e.to(ctx, f, cards); err != nil {
		return nil, err
	}
	if err := e.gates(ctx, f); err != nil {
		return nil, err
	}
	if err := e.world(ctx, f); err != nil {
		return nil, err
	}
	return f, e.naming(ctx, f)
}

// to finds the far end. The name of a machine has no address here, for that is not
// in any description: of it the resolver is asked alone.
func (e Eyes) to(ctx context.Context, f *Facts, cards []types.NetworkInterface) (err error) {
	if f.Asked.To == "" {
		f.To = End{Name: f.Asked.Name}
		return nil
	}
	f.To, err = e.end(ctx, cards, f.Asked.To)
	if _, ok := errors.AsType[*unknownEnd](err); ok && f.Asked.Name == "" && domainName(f.Asked.To) {
		f.To, f.Asked.Name = End{Name: f.Asked.To}, f.Asked.To
		return nil
	}
	return err
}

// unanswered notes a question that could not be answered. It returns the errors
// that end the whole diagnosis.
func (f *Facts) unanswered(action string, err error) error {
	if err == nil {
		return nil
	}
	p := account.Explain(action, err)
	if p.Ends() {
		return p
	}
	f.Unanswered = append(f.Unanswered, p)
	return nil
}

func (e Eyes) interfaces(ctx context.Context) (all []types.NetworkInterface, err error) {
	err = account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := e.Networks.DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{NextToken: token})
		if err != nil {
			return nil, err
		}
		all = append(all, out.NetworkInterfaces...)
		return out.NextToken, nil
	})
	if err != nil {
		return nil, account.Explain("ec2:DescribeNetworkInterfaces", err)
	}
	return all, nil
}

// end finds where a name stands: an address, an interface, an instance, a
// desktop or a user's desktop.
func (e Eyes) end(ctx context.Context, cards []types.NetworkInterface, name string) (End, error) {
	out := End{Name: name}
	address, subnet := name, ""
	_, err := netip.ParseAddr(name)
	switch {
	case err == nil:
	case strings.HasPrefix(name, "eni-"), strings.HasPrefix(name, "i-"):
		return out, out.stand(cards, func(c types.NetworkInterface) bool {
			return aws.ToString(c.NetworkInterfaceId) == name || c.Attachment != nil && aws.ToString(c.Attachment.InstanceId) == name
		})
	default:
		if out.desktop, err = e.desktop(ctx, name); err != nil {
			return out, err
		}
		address, subnet, out.Owner = *out.desktop.IpAddress, aws.ToString(out.desktop.SubnetId), aws.ToString(out.desktop.UserName)
	}
	if out.Address, err = netip.ParseAddr(address); err != nil || !out.Address.Is4() {
		return out, &unknownEnd{name: name}
	}
	out.Subnet = subnet
	err = out.stand(cards, func(c types.NetworkInterface) bool {
		return aws.ToString(c.PrivateIpAddress) == address && (subnet == "" || aws.ToString(c.SubnetId) == subnet)
	})
	if _, ok := errors.AsType[*unknownEnd](err); ok {
		return out, nil // nothing of AWS has the address; its subnet says enough
	}
	return out, err
}

// unknownEnd is an end that nothing is known of, or that has an address and stands
// in no network.
type unknownEnd struct{ name, address string }

// Error says it in English.
func (u *unknownEnd) Error() string { return u.in(report.English) }

func (u *unknownEnd) in(lang report.Lang) string {
	switch u.address {
	case "":
		return text.UnknownEnd.In(lang, "name", u.name)
	case u.name:
		return text.NoNetwork.In(lang, "end", u.name)
	}
	return text.NoNetwork.In(lang, "end", u.name+" ("+u.address+")")
}

// stand fills the end from the interface that fits.
func (o *End) stand(cards []types.NetworkInterface, fits func(types.NetworkInterface) bool) error {
	i := slices.IndexFunc(cards, fits)
	if i < 0 {
		return &unknownEnd{name: o.Name}
	}
	c := cards[i]
	var err error
	if o.Address, err = netip.ParseAddr(aws.ToString(c.PrivateIpAddress)); err != nil {
		return &unknownEnd{name: o.Name}
	}
	o.Interface, o.Subnet = aws.ToString(c.NetworkInterfaceId), aws.ToString(c.SubnetId)
	o.Public = c.Association != nil && aws.ToString(c.Association.PublicIp) != ""
	for _, g := range c.Groups {
		o.Groups = append(o.Groups, aws.ToString(g.GroupId))
	}
	return nil
}

// desktop is the one of a name that has an address.
func (e Eyes) desktop(ctx context.Context, name string) (*workspaces.Workspace, error) {
	found, err := account.Find(ctx, e.Desktops, name)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(found, func(w workspaces.Workspace) bool { return w.IpAddress != nil })
	if i < 0 {
		return nil, &unknownEnd{name: name}
	}
	return &found[i], nil
}
