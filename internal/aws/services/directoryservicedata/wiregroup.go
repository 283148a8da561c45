package directoryservicedata

// The structs of the wire for groups, memberships and searches; see wire.go.

// UpdateUserInput names a user and what is to change.
type UpdateUserInput struct {
	ClientToken     *string
	DirectoryId     *string
	EmailAddress    *string
	GivenName       *string
	OtherAttributes map[string]AttributeValue
	SAMAccountName  *string
	Surname         *string
	UpdateType      *string
}

// UpdateUserOutput is empty.
type UpdateUserOutput struct{}

// SearchUsersInput asks for one page of users with a value.
type SearchUsersInput struct {
	DirectoryId      *string
	MaxResults       *int32
	NextToken        *string
	Realm            *string
	SearchAttributes []string
	SearchString     *string
}

// SearchUsersOutput is one page of users.
type SearchUsersOutput struct {
	DirectoryId *string
	NextToken   *string
	Realm       *string
	Users       []User
}

// User is a user that was searched for.
type User struct {
	DistinguishedName *string
	EmailAddress      *string
	Enabled           *bool
	GivenName         *string
	OtherAttributes   map[string]AttributeValue
	SAMAccountName    *string
	SID               *string
	Surname           *string
	UserPrincipalName *string
}

// CreateGroupInput describes a new group.
type CreateGroupInput struct {
	ClientToken     *string
	DirectoryId     *string
	GroupScope      *string
	GroupType       *string
	OtherAttributes map[string]AttributeValue
	SAMAccountName  *string
}

// CreateGroupOutput names the group that was created.
type CreateGroupOutput struct {
	DirectoryId    *string
	SAMAccountName *string
	SID            *string
}

// UpdateGroupInput names a group and what is to change.
type UpdateGroupInput struct {
	ClientToken     *string
	DirectoryId     *string
	GroupScope      *string
	GroupType       *string
	OtherAttributes map[string]AttributeValue
	SAMAccountName  *string
	UpdateType      *string
}

// UpdateGroupOutput is empty.
type UpdateGroupOutput struct{}

// DeleteGroupInput names the group to delete.
type DeleteGroupInput struct {
	ClientToken    *string
	DirectoryId    *string
	SAMAccountName *string
}

// DeleteGroupOutput is empty.
type DeleteGroupOutput struct{}

// DescribeGroupInput names one group, and the further attributes to show.
type DescribeGroupInput struct {
	DirectoryId     *string
	OtherAttributes []string
	Realm           *string
	SAMAccountName  *string
}

// DescribeGroupOutput is one group.
type DescribeGroupOutput struct {
	DirectoryId       *string
	DistinguishedName *string
	GroupScope        *string
	GroupType         *string
	OtherAttributes   map[string]AttributeValue
	Realm             *string
	SAMAccountName    *string
	SID               *string
}

// ListGroupsInput asks for one page of groups.
type ListGroupsInput struct {
	DirectoryId *string
	MaxResults  *int32
	NextToken   *string
	Realm       *string
}

// ListGroupsOutput is one page of groups.
type ListGroupsOutput struct {
	DirectoryId *string
	Groups      []GroupSummary
	NextToken   *string
	Realm       *string
}

// GroupSummary is a group in a list.
type GroupSummary struct {
	GroupScope     *string
	GroupType      *string
	SAMAccountName *string
	SID            *string
}

// SearchGroupsInput asks for one page of groups with a value.
type SearchGroupsInput struct {
	DirectoryId      *string
	MaxResults       *int32
	NextToken        *string
	Realm            *string
	SearchAttributes []string
	SearchString     *string
}

// SearchGroupsOutput is one page of groups.
type SearchGroupsOutput struct {
	DirectoryId *string
	Groups      []Group
	NextToken   *string
	Realm       *string
}

// Group is a group that was searched for.
type Group struct {
	DistinguishedName *string
	GroupScope        *string
	GroupType         *string
	OtherAttributes   map[string]AttributeValue
	SAMAccountName    *string
	SID               *string
}

// AddGroupMemberInput names a group and its new member.
type AddGroupMemberInput struct {
	ClientToken *string
	DirectoryId *string
	GroupName   *string
	MemberName  *string
	MemberRealm *string
}

// AddGroupMemberOutput is empty.
type AddGroupMemberOutput struct{}

// RemoveGroupMemberInput names a group and who shall leave it.
type RemoveGroupMemberInput struct {
	ClientToken *string
	DirectoryId *string
	GroupName   *string
	MemberName  *string
	MemberRealm *string
}

// RemoveGroupMemberOutput is empty.
type RemoveGroupMemberOutput struct{}

// ListGroupMembersInput asks for one page of a group's members.
type ListGroupMembersInput struct {
	DirectoryId    *string
	MaxResults     *int32
	MemberRealm    *string
	NextToken      *string
	Realm          *string
	SAMAccountName *string
}

// ListGroupMembersOutput is one page of members.
type ListGroupMembersOutput struct {
	DirectoryId *string
	MemberRealm *string
	Members     []Member
	NextToken   *string
	Realm       *string
}

// Member is one who belongs to a group.
type Member struct {
	MemberType     *string
	SAMAccountName *string
	SID            *string
}

// ListGroupsForMemberInput asks for one page of the groups of a member.
type ListGroupsForMemberInput struct {
	DirectoryId    *string
	MaxResults     *int32
	MemberRealm    *string
	NextToken      *string
	Realm          *string
	SAMAccountName *string
}

// ListGroupsForMemberOutput is one page of groups.
type ListGroupsForMemberOutput struct {
	DirectoryId *string
	Groups      []GroupSummary
	MemberRealm *string
	NextToken   *string
	Realm       *string
}
