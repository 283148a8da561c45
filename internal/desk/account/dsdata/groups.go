package dsdata

import "context"

// GroupMemberInput names a group and one of its members.
type GroupMemberInput struct {
	ClientToken string `json:",omitempty"`
	DirectoryID string `json:"-"`
	GroupName   string
	MemberName  string
}

// AddGroupMember puts a user or a group into a group.
func (c *Client) AddGroupMember(ctx context.Context, in *GroupMemberInput) error {
	var out struct{}
	return c.call(ctx, "AddGroupMember", "/GroupMemberships/AddGroupMember", in.DirectoryID, in, &out)
}

// RemoveGroupMember takes one out of a group.
func (c *Client) RemoveGroupMember(ctx context.Context, in *GroupMemberInput) error {
	var out struct{}
	return c.call(ctx, "RemoveGroupMember", "/GroupMemberships/RemoveGroupMember", in.DirectoryID, in, &out)
}

// ListGroupMembersInput asks for a page of a group's members.
type ListGroupMembersInput struct {
	DirectoryID    string `json:"-"`
	MaxResults     int    `json:",omitempty"`
	NextToken      string `json:",omitempty"`
	SAMAccountName string // of the group
}

// Member is one member in a list.
type Member struct {
	MemberType     string
	SAMAccountName string
	SID            string
}

// ListGroupMembersOutput is a page of members.
type ListGroupMembersOutput struct {
	DirectoryID string `json:"DirectoryId"`
	Members     []Member
	NextToken   string
}

// ListGroupMembers reads a page of a group's members.
func (c *Client) ListGroupMembers(ctx context.Context, in *ListGroupMembersInput) (*ListGroupMembersOutput, error) {
	out := new(ListGroupMembersOutput)
	return out, c.call(ctx, "ListGroupMembers", "/GroupMemberships/ListGroupMembers", in.DirectoryID, in, out)
}

// CreateGroupInput names a new group.
type CreateGroupInput struct {
	ClientToken    string `json:",omitempty"`
	DirectoryID    string `json:"-"`
	SAMAccountName string
}

// CreateGroup makes a group.
func (c *Client) CreateGroup(ctx context.Context, in *CreateGroupInput) error {
	var out struct{}
	return c.call(ctx, "CreateGroup", "/Groups/CreateGroup", in.DirectoryID, in, &out)
}
