package people

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	tagtypes "github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
	"golang.org/x/sync/errgroup"

	"tamachi/internal/clock"
	"tamachi/internal/desk/account"
	"tamachi/internal/desk/account/dsdata"
	"tamachi/internal/desk/hr"
	"tamachi/internal/desk/plan"
)

// Facts is everything that was read about people, one directory and its
// desktops.
type Facts struct {
	At       time.Time  `json:"at"`
	Place    plan.Place `json:"place"`
	Caller   string     `json:"caller"`
	Feed     *hr.Feed   `json:"-"`
	Location Site       `json:"directory"`

	Users      map[string]dsdata.UserSummary `json:"-"` // by account in small letters
	Names      []string                      `json:"-"`
	Groups     []string                      `json:"-"` // that the directory has
	Member     map[string][]string           `json:"-"` // groups of those whom the feed names, by account in small letters
	Desktops   map[string][]types.Workspace  `json:"-"` // by user in small letters
	Bundles    map[string]string             `json:"-"` // those that the feed names and that are there: state
	Computes   map[string]types.Compute      `json:"-"` // of those bundles
	Seats      map[types.Compute]int         `json:"-"` // desktops of the Region, in all directories
	Quotas     map[string]float64            `json:"-"` // of WorkSpaces, by name; nil: unknown
	Owners     map[string]string             `json:"-"` // by desktop: who answers for it, as its tag says
	Kept       map[string]string             `json:"-"` // of leavers' desktops: the day of their tag
	Unanswered []*account.Problem            `json:"unanswered"`
}

// Site is the directory in which people are made, and what their desktops need
// of it.
type Site struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	State   string `json:"state"`   // as registered for desktops
	Stage   string `json:"stage"`   // of Directory Service; "" unknown
	Service string `json:"service"` // the account by which desktops join
	Enabled *bool  `json:"serviceEnabled"`
	Free    int    `json:"freeAddresses"` // in its subnets; below zero: unknown
}

// Directory reads the people of a directory.
type Directory interface {
	account.People
	ListUsers(context.Context, *dsdata.ListUsersInput) (*dsdata.ListUsersOutput, error)
	ListGroups(context.Context, *dsdata.ListGroupsInput) (*dsdata.ListGroupsOutput, error)
	ListGroupsForMember(context.Context, *dsdata.ListGroupsForMemberInput) (*dsdata.ListGroupsOutput, error)
}

// Asked is what the reading needs to know beforehand.
type Asked struct {
	Feed      *hr.Feed
	Directory string // "" is the only one
	Bundle    string // of people of whom the feed says none
	Place     account.Place
	Newcomers bool     // read what new desktops need
	Movers    bool     // read what desktops that change need
	Groups    bool     // read groups and who is in them
	Tags      bool     // read the tags of leavers' desktops
	Leavers   []string // accounts whose desktops' tags are read; those of the feed who have left besides
}

// reader reads the facts of one account.
type reader struct {
	a     *account.Account
	facts *Facts
	asked Asked
	mu    sync.Mutex // guards what the facts have of Unanswered
}

// gather reads the facts. Nothing may be left out: who is not read as there
// would be made again.
func gather(ctx context.Context, a *account.Account, c clock.Clock, asked Asked) (*Facts, error) {
	caller, id, err := plan.Who(ctx, a)
	if err != nil {
		return nil, err
	}
	r := &reader{a: a, asked: asked, facts: &Facts{
		At: c.Now(), Caller: caller, Feed: asked.Feed, Users: map[string]dsdata.UserSummary{}, Member: map[string][]string{},
		Place:    plan.Place{Profile: asked.Place.Profile, Account: id, Region: a.Region, Endpoint: a.Endpoint},
		Desktops: map[string][]types.Workspace{}, Bundles: map[string]string{}, Computes: map[string]types.Compute{}, Seats: map[types.Compute]int{}, Kept: map[string]string{}, Owners: map[string]string{},
	}}
	if err := r.site(ctx); err != nil {
		return nil, err
	}
	g, inner := errgroup.WithContext(ctx)
	reads := []func(context.Context) error{r.users, r.desktops}
	if asked.Groups {
		reads = append(reads, r.groups)
	}
	if asked.Newcomers {
		reads = append(reads, r.bundles, r.space, r.quotas)
	}
	for _, read := range reads {
		g.Go(func() error { return read(inner) })
	}
	if asked.Movers {
		g.Go(func() error { return r.bundles(inner) })
		g.Go(func() error { return r.owners(inner) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(r.facts.Unanswered, func(a, b *account.Problem) int { return cmp.Compare(a.Action, b.Action) })
	if err := r.members(ctx); err != nil {
		return nil, err
	}
	return r.facts, r.kept(ctx)
}

// kept reads the tags of leavers' desktops.
func (r *reader) kept(ctx context.Context) error {
	if !r.asked.Tags {
		return nil
	}
	names := slices.Clone(r.asked.Leavers)
	for _, p := range r.asked.Feed.People {
		if p.At(r.facts.At) == hr.Left {
			names = append(names, p.Account)
		}
	}
	for _, name := range names {
		for _, w := range r.facts.Desktops[strings.ToLower(name)] {
			out, err := r.a.Desktops.DescribeTags(ctx, &workspaces.DescribeTagsInput{ResourceId: w.WorkspaceId})
			if err != nil {
				return account.Explain("workspaces:DescribeTags", err)
			}
			for _, t := range out.TagList {
				if aws.ToString(t.Key) == keptTag {
					r.facts.Kept[aws.ToString(w.WorkspaceId)] = aws.ToString(t.Value)
				}
			}
		}
	}
	return nil
}

// errors about which directory is meant.
var (
	errNoDirectory   = errors.New("no directory is registered for desktops here")
	errWhich         = errors.New("several directories are registered: choose one by --directory")
	errNotRegistered = errors.New("--directory: it is not registered for desktops here")
)

func (r *reader) site(ctx context.Context) error {
	all, err := account.AllDesktopDirectories(ctx, r.a.Desktops)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(d types.WorkspaceDirectory) bool {
		return d.State == types.WorkspaceDirectoryStateDeregistered || r.asked.Directory != "" && aws.ToString(d.DirectoryId) != r.asked.Directory
	})
	switch {
	case len(all) == 0 && r.asked.Directory != "":
		return errNotRegistered
	case len(all) == 0:
		return errNoDirectory
	case len(all) > 1:
		return errWhich
	}
	d := all[0]
	s := &r.facts.Location
	*s = Site{
		ID: aws.ToString(d.DirectoryId), Name: aws.ToString(d.DirectoryName), State: string(d.State),
		Service: aws.ToString(d.CustomerUserName), Free: -1,
	}
	stages, err := account.AllDirectories(ctx, r.a.Directories)
	if err != nil {
		return err
	}
	for _, one := range stages {
		if aws.ToString(one.DirectoryId) == s.ID {
			s.Stage = string(one.Stage)
		}
	}
	if s.Service != "" && r.asked.Newcomers {
		found, err := find(ctx, r.a, user{Directory: s.ID, Account: s.Service})
		if err != nil {
			return err
		}
		s.Enabled = new(found != nil && aws.ToBool(found.Enabled))
	}
	return nil
}

func (r *reader) users(ctx context.Context) error {
	err := account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := r.a.People.ListUsers(ctx, &dsdata.ListUsersInput{DirectoryID: r.facts.Location.ID, MaxResults: 250, NextToken: aws.ToString(token)})
		if err != nil {
			return nil, account.Explain("ds-data:ListUsers", err)
		}
		for _, u := range out.Users {
			r.facts.Users[strings.ToLower(u.SAMAccountName)] = u
			r.facts.Names = append(r.facts.Names, u.SAMAccountName)
		}
		return &out.NextToken, nil
	})
	return err
}

func (r *reader) groups(ctx context.Context) error {
	return account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := r.a.People.ListGroups(ctx, &dsdata.ListGroupsInput{DirectoryID: r.facts.Location.ID, MaxResults: 250, NextToken: aws.ToString(token)})
		if err != nil {
			return nil, account.Explain("ds-data:ListGroups", err)
		}
		for _, g := range out.Groups {
			r.facts.Groups = append(r.facts.Groups, g.SAMAccountName)
		}
		return &out.NextToken, nil
	})
}

func (r *reader) desktops(ctx context.Context) error {
	all, err := account.AllDesktops(ctx, r.a.Desktops, nil)
	for _, w := range all {
		if w.State != types.WorkspaceStateTerminated && w.WorkspaceProperties != nil {
			r.facts.Seats[w.WorkspaceProperties.ComputeTypeName]++
		}
		if aws.ToString(w.DirectoryId) == r.facts.Location.ID && w.State != types.WorkspaceStateTerminated && w.State != types.WorkspaceStateTerminating {
			key := strings.ToLower(aws.ToString(w.UserName))
			r.facts.Desktops[key] = append(r.facts.Desktops[key], w)
		}
	}
	return err
}

func (r *reader) bundles(ctx context.Context) error {
	var ids []string
	for _, p := range append([]hr.Person{{Bundle: r.asked.Bundle}}, r.asked.Feed.People...) {
		if p.Bundle != "" && !slices.Contains(ids, p.Bundle) {
			ids = append(ids, p.Bundle)
		}
	}
	for chunk := range slices.Chunk(ids, account.Batch) {
		out, err := r.a.Desktops.DescribeWorkspaceBundles(ctx, &workspaces.DescribeWorkspaceBundlesInput{BundleIds: chunk})
		if err != nil {
			return account.Explain("workspaces:DescribeWorkspaceBundles", err)
		}
		for _, b := range out.Bundles {
			r.facts.Bundles[aws.ToString(b.BundleId)] = string(b.State)
			if b.ComputeType != nil {
				r.facts.Computes[aws.ToString(b.BundleId)] = b.ComputeType.Name
			}
		}
	}
	return nil
}

// space counts the free addresses of the directory's subnets. That it cannot be
// known holds nobody back: AWS says so when a desktop is made.
func (r *reader) space(ctx context.Context) error {
	out, err := r.a.Desktops.DescribeWorkspaceDirectories(ctx, &workspaces.DescribeWorkspaceDirectoriesInput{DirectoryIds: []string{r.facts.Location.ID}})
	if err != nil {
		return account.Explain("workspaces:DescribeWorkspaceDirectories", err)
	}
	if len(out.Directories) == 0 || len(out.Directories[0].SubnetIds) == 0 {
		return nil
	}
	nets, err := r.a.Networks.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{SubnetIds: out.Directories[0].SubnetIds})
	if err != nil {
		r.unanswered(account.Explain("ec2:DescribeSubnets", err))
		return ctx.Err()
	}
	r.facts.Location.Free = 0
	for _, n := range nets.Subnets {
		r.facts.Location.Free += int(aws.ToInt32(n.AvailableIpAddressCount))
	}
	return nil
}

// owners reads who answers for which desktop.
func (r *reader) owners(ctx context.Context) error {
	return account.Pages(ctx, func(ctx context.Context, token *string) (*string, error) {
		out, err := r.a.Tags.GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{
			ResourceTypeFilters: []string{"workspaces:workspace"}, TagFilters: []tagtypes.TagFilter{{Key: aws.String(ownerTag)}},
			ResourcesPerPage: aws.Int32(100), PaginationToken: token,
		})
		if err != nil {
			return nil, account.Explain("tag:GetResources", err)
		}
		for _, m := range out.ResourceTagMappingList {
			name := aws.ToString(m.ResourceARN)
			for _, t := range m.Tags {
				if aws.ToString(t.Key) == ownerTag {
					r.facts.Owners[name[strings.LastIndexByte(name, '/')+1:]] = aws.ToString(t.Value)
				}
			}
		}
		return out.PaginationToken, nil
	})
}

// quotas reads how many desktops the account may have. That it cannot be known
// holds nobody back, as with space.
func (r *reader) quotas(ctx context.Context) error {
	all, err := account.QuotasOf(ctx, r.a.Quotas, "workspaces")
	if err != nil {
		r.unanswered(account.Explain("servicequotas:ListServiceQuotas", err))
		return ctx.Err()
	}
	r.facts.Quotas = all
	return nil
}

// unanswered notes what could not be known.
func (r *reader) unanswered(p *account.Problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.facts.Unanswered = append(r.facts.Unanswered, p)
}

// members reads the groups of those of the feed who are in the directory and
// for whom it names groups.
func (r *reader) members(ctx context.Context) error {
	var names []string
	if !r.asked.Groups {
		return nil
	}
	for _, p := range r.asked.Feed.People {
		key := strings.ToLower(cmp.Or(p.Account, derived(&p)))
		if _, there := r.facts.Users[key]; there && len(r.mentioned()) > 0 {
			names = append(names, key)
		}
	}
	found := make([][]string, len(names))
	g, inner := errgroup.WithContext(ctx)
	g.SetLimit(account.AtOnce)
	for i, name := range names {
		g.Go(func() (err error) {
			found[i], err = groupsOf(inner, r.a.People, r.facts.Location.ID, name)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, name := range names {
		r.facts.Member[name] = found[i]
	}
	return nil
}

// mentioned are the groups of the feed: only those are looked after.
func (r *reader) mentioned() []string { return mentioned(r.asked.Feed) }

func mentioned(f *hr.Feed) []string {
	var all []string
	for _, p := range f.People {
		for _, g := range p.Groups {
			if !contains(all, g) {
				all = append(all, g)
			}
		}
	}
	return all
}
