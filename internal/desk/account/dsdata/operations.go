package dsdata

import "context"

// CreateUserInput names a new user of a directory.
type CreateUserInput struct {
	ClientToken    string `json:",omitempty"`
	DirectoryID    string `json:"-"`
	EmailAddress   string `json:",omitempty"`
	GivenName      string `json:",omitempty"`
	SAMAccountName string
	Surname        string `json:",omitempty"`
}

// CreateUserOutput is the new user.
type CreateUserOutput struct {
	DirectoryID    string `json:"DirectoryId"`
	SAMAccountName string
	SID            string
}

// CreateUser makes a user without a password; ResetUserPassword of Directory
// Service gives one.
func (c *Client) CreateUser(ctx context.Context, in *CreateUserInput) (*CreateUserOutput, error) {
	out := new(CreateUserOutput)
	return out, c.call(ctx, "CreateUser", "/Users/CreateUser", in.DirectoryID, in, out)
}

// DescribeUserInput names a user.
type DescribeUserInput struct {
	DirectoryID    string `json:"-"`
	SAMAccountName string
}

// DescribeUserOutput is what a directory knows of a user.
type DescribeUserOutput struct {
	DirectoryID       string `json:"DirectoryId"`
	DistinguishedName string
	EmailAddress      string
	Enabled           *bool // nil when the endpoint did not say
	GivenName         string
	SAMAccountName    string
	SID               string
	Surname           string
	UserPrincipalName string
}

// DescribeUser reads a user.
func (c *Client) DescribeUser(ctx context.Context, in *DescribeUserInput) (*DescribeUserOutput, error) {
	out := new(DescribeUserOutput)
	return out, c.call(ctx, "DescribeUser", "/Users/DescribeUser", in.DirectoryID, in, out)
}

// ListUsersInput asks for a page of users.
type ListUsersInput struct {
	DirectoryID string `json:"-"`
	MaxResults  int    `json:",omitempty"`
	NextToken   string `json:",omitempty"`
}

// UserSummary is one user in a list.
type UserSummary struct {
	Enabled        bool
	GivenName      string
	SAMAccountName string
	SID            string
	Surname        string
}

// ListUsersOutput is a page of users.
type ListUsersOutput struct {
	DirectoryID string `json:"DirectoryId"`
	NextToken   string
	Users       []UserSummary
}

// ListUsers reads a page of users.
func (c *Client) ListUsers(ctx context.Context, in *ListUsersInput) (*ListUsersOutput, error) {
	out := new(ListUsersOutput)
	return out, c.call(ctx, "ListUsers", "/Users/ListUsers", in.DirectoryID, in, out)
}

// DisableUserInput names a user.
type DisableUserInput struct {
	ClientToken    string `json:",omitempty"`
	DirectoryID    string `json:"-"`
	SAMAccountName string
}

// DisableUser switches an account off. ResetUserPassword of Directory Service
// switches it on again.
func (c *Client) DisableUser(ctx context.Context, in *DisableUserInput) error {
	var out struct{}
	return c.call(ctx, "DisableUser", "/Users/DisableUser", in.DirectoryID, in, &out)
}

// DeleteUserInput names a user.
type DeleteUserInput struct {
	ClientToken    string `json:",omitempty"`
	DirectoryID    string `json:"-"`
	SAMAccountName string
}

// DeleteUser removes an account for good.
func (c *Client) DeleteUser(ctx context.Context, in *DeleteUserInput) error {
	var out struct{}
	return c.call(ctx, "DeleteUser", "/Users/DeleteUser", in.DirectoryID, in, &out)
}

// ListGroupsForMemberInput asks for a page of a user's groups.
type ListGroupsForMemberInput struct {
	DirectoryID    string `json:"-"`
	MaxResults     int    `json:",omitempty"`
	NextToken      string `json:",omitempty"`
	SAMAccountName string
}

// ListGroupsInput asks for a page of groups.
type ListGroupsInput struct {
	DirectoryID string `json:"-"`
	MaxResults  int    `json:",omitempty"`
	NextToken   string `json:",omitempty"`
}

// GroupSummary is one group in a list.
type GroupSummary struct {
	GroupScope     string
	GroupType      string
	SAMAccountName string
	SID            string
}

// ListGroupsOutput is a page of groups.
type ListGroupsOutput struct {
	Groups    []GroupSummary
	NextToken string
}

// ListGroupsForMember reads a page of a user's groups.
func (c *Client) ListGroupsForMember(ctx context.Context, in *ListGroupsForMemberInput) (*ListGroupsOutput, error) {
	out := new(ListGroupsOutput)
	return out, c.call(ctx, "ListGroupsForMember", "/GroupMemberships/ListGroupsForMember", in.DirectoryID, in, out)
}

// ListGroups reads a page of a directory's groups.
func (c *Client) ListGroups(ctx context.Context, in *ListGroupsInput) (*ListGroupsOutput, error) {
	out := new(ListGroupsOutput)
	return out, c.call(ctx, "ListGroups", "/Groups/ListGroups", in.DirectoryID, in, out)
}
