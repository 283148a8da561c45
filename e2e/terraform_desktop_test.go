package e2e

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ds "github.com/aws/aws-sdk-go-v2/service/directoryservice"
	directory "github.com/aws/aws-sdk-go-v2/service/directoryservice/types"
	"github.com/aws/aws-sdk-go-v2/service/workspaces"
	"github.com/aws/aws-sdk-go-v2/service/workspaces/types"
)

func (n *network) ds() *ds.Client { return ds.NewFromConfig(n.config) }

func (n *network) workspaces() *workspaces.Client { return workspaces.NewFromConfig(n.config) }

// office is what stands in the network: a directory, whom it lets in, a desktop.
func (n *network) office() []*resource {
	return []*resource{
		n.directory("aws_directory_service_directory.corp"), n.addresses("aws_workspaces_ip_group.office"),
		n.registration("aws_workspaces_directory.corp"), n.desktop("aws_workspaces_workspace.admin"),
	}
}

// directory is an aws_directory_service_directory of the Microsoft AD kind.
func (n *network) directory(address string) *resource {
	find := func() (*ds.DescribeDirectoriesOutput, error) {
		return n.ds().DescribeDirectories(n.Context(), &ds.DescribeDirectoriesInput{DirectoryIds: []string{*n.id(address)}})
	}
	read := func() attributes {
		out, err := find()
		n.done("DescribeDirectories", err)
		d := out.DirectoryDescriptions[0]
		l, err := n.ds().ListTagsForResource(n.Context(), &ds.ListTagsForResourceInput{ResourceId: n.id(address)})
		n.done("ListTagsForResource", err)
		all := tags{}
		for _, t := range l.Tags {
			all[*t.Key] = *t.Value
		}
		return attributes{
			"name": *d.Name, "short_name": *d.ShortName, "description": aws.ToString(d.Description), "edition": d.Edition, "type": d.Type, "enable_sso": d.SsoEnabled,
			"vpc_id": n.ref(d.VpcSettings.VpcId), "subnet_ids": n.set(d.VpcSettings.SubnetIds), "alias": aws.ToString(d.Alias) == *n.id(address), "tags": all,
		}
	}
	return &resource{
		name: address,
		create: func() {
			out, err := n.ds().CreateMicrosoftAD(n.Context(), &ds.CreateMicrosoftADInput{
				Name: new("corp.example.com"), ShortName: new("CORP"), Password: new("Sesame-opens-1"), Description: new("office"), Edition: directory.DirectoryEditionStandard,
				VpcSettings: &directory.DirectoryVpcSettings{VpcId: n.id("aws_vpc.office"), SubnetIds: []string{*n.id("aws_subnet.private[0]"), *n.id("aws_subnet.private[1]")}},
				Tags:        []directory.Tag{{Key: new("Team"), Value: new("desk")}},
			})
			n.done("CreateMicrosoftAD", err)
			n.made(address, out.DirectoryId)
			n.wait("DescribeDirectories until Active", time.Hour, func() bool {
				out, err := find()
				n.done("DescribeDirectories", err)
				return out.DirectoryDescriptions[0].Stage == directory.DirectoryStageActive
			})
		},
		read: read,
		update: func() {
			_, err := n.ds().AddTagsToResource(n.Context(), &ds.AddTagsToResourceInput{ResourceId: n.id(address), Tags: []directory.Tag{{Key: new("Env"), Value: new("test")}}})
			n.done("AddTagsToResource", err)
		},
		destroy: func() {
			read()
			_, err := n.ds().DeleteDirectory(n.Context(), &ds.DeleteDirectoryInput{DirectoryId: n.id(address)})
			n.done("DeleteDirectory", err)
			_, err = find()
			n.gone("DescribeDirectories", "EntityDoesNotExistException", err)
		},
		want: attributes{
			"name": "corp.example.com", "short_name": "CORP", "description": "office", "edition": directory.DirectoryEditionStandard,
			"type": directory.DirectoryTypeMicrosoftAd, "enable_sso": false, "vpc_id": "aws_vpc.office", "alias": true, "tags": tags{"Team": "desk"},
			"subnet_ids": privates,
		},
		changed: attributes{"tags": tags{"Team": "desk", "Env": "test"}},
	}
}

// set are the addresses that a list of ids names, in no order.
func (n *network) set(ids []string) tags {
	all := tags{}
	for _, id := range ids {
		all[n.ref(&id)] = ""
	}
	return all
}

// privates are the subnets that directory and desktops have.
var privates = tags{"aws_subnet.private[0]": "", "aws_subnet.private[1]": ""}

// desktopTags are what DescribeTags says of a block of desktops.
func (n *network) desktopTags(id *string) tags {
	n.Helper()
	out, err := n.workspaces().DescribeTags(n.Context(), &workspaces.DescribeTagsInput{ResourceId: id})
	n.done("DescribeTags", err)
	all := tags{}
	for _, t := range out.TagList {
		all[*t.Key] = aws.ToString(t.Value)
	}
	return all
}

// retag changes tags as the provider does: what goes is deleted first.
func (n *network) retag(id *string) {
	n.Helper()
	_, err := n.workspaces().DeleteTags(n.Context(), &workspaces.DeleteTagsInput{ResourceId: id, TagKeys: []string{"Team"}})
	n.done("DeleteTags", err)
	_, err = n.workspaces().CreateTags(n.Context(), &workspaces.CreateTagsInput{ResourceId: id, Tags: []types.Tag{{Key: new("Env"), Value: new("test")}}})
	n.done("CreateTags", err)
}

func deskTag() []types.Tag { return []types.Tag{{Key: new("Team"), Value: new("desk")}} }

// addresses is an aws_workspaces_ip_group. A rule without a description has an
// empty one. Whoever it is associated with is looked for before it is deleted.
func (n *network) addresses(address string) *resource {
	find := func() []types.WorkspacesIpGroup {
		out, err := n.workspaces().DescribeIpGroups(n.Context(), &workspaces.DescribeIpGroupsInput{GroupIds: []string{*n.id(address)}})
		n.done("DescribeIpGroups", err)
		return out.Result
	}
	rules := []types.IpRuleItem{{IpRule: new("192.0.2.0/24"), RuleDesc: new("here")}}
	return &resource{
		name: address,
		create: func() {
			out, err := n.workspaces().CreateIpGroup(n.Context(), &workspaces.CreateIpGroupInput{GroupName: new("office"), GroupDesc: new("office"), UserRules: rules, Tags: deskTag()})
			n.done("CreateIpGroup", err)
			n.made(address, out.GroupId)
		},
		read: func() attributes {
			g := find()[0]
			all := tags{}
			for _, r := range g.UserRules {
				all[*r.IpRule] = aws.ToString(r.RuleDesc)
			}
			return attributes{"name": *g.GroupName, "description": *g.GroupDesc, "rules": all, "tags": n.desktopTags(n.id(address))}
		},
		update: func() {
			_, err := n.workspaces().UpdateRulesOfIpGroup(n.Context(), &workspaces.UpdateRulesOfIpGroupInput{
				GroupId: n.id(address), UserRules: append(rules, types.IpRuleItem{IpRule: new("198.51.100.0/24"), RuleDesc: new("")}),
			})
			n.done("UpdateRulesOfIpGroup", err)
			n.retag(n.id(address))
		},
		destroy: func() {
			out, err := n.workspaces().DescribeWorkspaceDirectories(n.Context(), &workspaces.DescribeWorkspaceDirectoriesInput{})
			n.done("DescribeWorkspaceDirectories", err)
			for _, d := range out.Directories {
				n.Errorf("%s is registered still", *d.DirectoryId)
			}
			_, err = n.workspaces().DeleteIpGroup(n.Context(), &workspaces.DeleteIpGroupInput{GroupId: n.id(address)})
			n.done("DeleteIpGroup", err)
			if left := find(); len(left) > 0 {
				n.Errorf("%d groups are left", len(left))
			}
		},
		want:    attributes{"name": "office", "description": "office", "rules": tags{"192.0.2.0/24": "here"}, "tags": tags{"Team": "desk"}},
		changed: attributes{"rules": tags{"192.0.2.0/24": "here", "198.51.100.0/24": ""}, "tags": tags{"Env": "test"}},
	}
}
